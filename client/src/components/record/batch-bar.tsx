/** One step for many records, and what became of each. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, List, Paper, Text } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { loadSentences, sentenceOfCode } from "@/api/sentences";
import { notice } from "@/lib/notice";
import { ClosedPeriod } from "../closed-period";
import { Failure } from "../failure";
import { useRefresh } from "./requests";

type Item = { id: number; version: number; title?: string; content?: { title: string } };
type Props = { action: "submit" | "approve"; items: Item[]; onDone: () => void };

type Refused = { item: Item | undefined; problem: Schemas["BatchProblem"] };

const titleOf = (item: Item | undefined) => item?.title ?? item?.content?.title ?? "";

export function BatchBar({ action, items, onDone }: Props) {
  const { t, i18n } = useLingui();
  const refresh = useRefresh();
  const [refused, setRefused] = useState<Refused[]>([]);
  const batch = api.useMutation("post", "/api/v1/records:batch");
  const count = items.length;

  const send = () => {
    const body = { items: items.map(({ id, version }) => ({ action, id, version })) };
    const header = { "Idempotency-Key": crypto.randomUUID() };
    batch.mutate(
      { params: { header }, body },
      {
        onSuccess: async (answer) => {
          const failed = answer.items.flatMap((one, at) =>
            one.problem ? [{ item: items[at], problem: one.problem }] : [],
          );
          if (failed.length > 0) await loadSentences();
          setRefused(failed);
          const { succeeded } = answer;
          if (succeeded > 0)
            notice(
              action === "submit" ? t`Đã gửi duyệt ${succeeded} mục` : t`Đã duyệt ${succeeded} mục`,
            );
          await refresh();
          if (failed.length === 0) onDone();
        },
      },
    );
  };

  return (
    <Paper withBorder p="xs" className="no-print">
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          <Plural value={count} one="Đã chọn # mục" other="Đã chọn # mục" />
        </Text>
        <Group gap="xs">
          <Button size="compact-md" variant="default" onClick={onDone}>
            <Trans>Bỏ chọn</Trans>
          </Button>
          <Button size="compact-md" loading={batch.isPending} onClick={send}>
            {action === "submit" ? (
              <Trans>Gửi duyệt các mục đã chọn</Trans>
            ) : (
              <Trans>Duyệt các mục đã chọn</Trans>
            )}
          </Button>
        </Group>
      </Group>
      {batch.error && <Failure error={batch.error} />}
      {refused.length > 0 && (
        <Alert color="red" mt="xs" title={t`Không thực hiện được với`} role="alert">
          <List size="sm">
            {refused.map(({ item, problem }) => (
              <List.Item key={item?.id}>
                {titleOf(item)}:{" "}
                {problem.code === "period_locked" ? (
                  <ClosedPeriod params={problem.params} />
                ) : (
                  sentenceOfCode(problem.code, i18n.locale)
                )}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Paper>
  );
}
