/** One lock: what it closes and why, who is let in for a time, and how it is opened again. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Button, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { Failure } from "@/components/failure";
import { UnitLink, UnitName } from "@/components/unit-link";
import { formatDay, lastDay } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { LetIn } from "./let-in";
import { Reopening } from "./reopening";
import { Until } from "./until";

type Lock = Schemas["PeriodLock"];

export function LockView({ lock }: { lock: Lock }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<"let_in" | "until" | "reopen">();
  const change = api.useMutation("patch", "/api/v1/period_locks/{id}", {
    onSuccess: () => setAsked(undefined),
    onSettled: () => queries.invalidateQueries(),
  });
  const params = { path: { id: lock.id }, header: ifMatch(lock.version) };
  const letIn = (exceptions: Lock["exceptions"]) => change.mutate({ params, body: { exceptions } });
  const mayEdit = lock.allowed_actions.includes("edit");
  return (
    <Paper withBorder p="md" component="section" aria-label={formatPeriod(lock.period)}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {formatPeriod(lock.period)}
          </Title>
          <Badge tt="none" variant="default">
            {lock.is_closed ? t`Đang khóa` : t`Không còn khóa`}
          </Badge>
        </Group>
        <UnitLink code={lock.unit} />
        <Text size="sm" className="wrap-anywhere">
          {lock.reason}
        </Text>
        {lock.until && (
          <Text size="sm" c="dimmed">
            <Trans>Khóa đến hết ngày {formatDay(lastDay(lock.until))}</Trans>
          </Text>
        )}
        {lock.reopened && (
          <Text size="sm" className="wrap-anywhere">
            <Trans>Đã mở lại: {lock.reopened.reason}</Trans>
          </Text>
        )}
        {lock.exceptions.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              <Trans>Được ghi trong một thời gian</Trans>
            </Text>
            <List size="sm">
              {lock.exceptions.map((one) => (
                <List.Item key={one.unit} className="wrap-anywhere">
                  <UnitName code={one.unit} />,{" "}
                  <Trans>đến hết ngày {formatDay(lastDay(one.until))}</Trans>: {one.reason}{" "}
                  {mayEdit && (
                    <Button
                      variant="default"
                      size="compact-sm"
                      loading={change.isPending}
                      onClick={() => letIn(lock.exceptions.filter((other) => other !== one))}
                    >
                      <Trans>Thu hồi</Trans>
                    </Button>
                  )}
                </List.Item>
              ))}
            </List>
          </>
        )}
        {change.error && <Failure error={change.error} />}
        {asked === undefined && (
          <Group gap="xs" className="no-print">
            {mayEdit && (
              <Button variant="default" onClick={() => setAsked("let_in")}>
                <Trans>Cho một đơn vị ghi</Trans>
              </Button>
            )}
            {mayEdit && (
              <Button variant="default" onClick={() => setAsked("until")}>
                <Trans>Đổi ngày hết khóa</Trans>
              </Button>
            )}
            {lock.allowed_actions.includes("reopen") && (
              <Button variant="default" onClick={() => setAsked("reopen")}>
                <Trans>Mở lại kỳ</Trans>
              </Button>
            )}
          </Group>
        )}
        {asked === "let_in" && (
          <LetIn
            isBusy={change.isPending}
            onClose={() => setAsked(undefined)}
            onConfirm={(one) =>
              letIn([...lock.exceptions.filter((other) => other.unit !== one.unit), one])
            }
          />
        )}
        {asked === "until" && (
          <Until
            until={lock.until}
            isBusy={change.isPending}
            onClose={() => setAsked(undefined)}
            onConfirm={(until) => change.mutate({ params, body: { until } })}
          />
        )}
        {asked === "reopen" && <Reopening lock={lock} onClose={() => setAsked(undefined)} />}
      </Stack>
    </Paper>
  );
}
