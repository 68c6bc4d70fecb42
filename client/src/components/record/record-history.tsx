/** The steps of a record from state to state, and every content that was approved. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Stack, Table, Text, Timeline } from "@mantine/core";
import { api } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { useAccount } from "../account";
import { Show } from "../fields/show";
import { differences } from "../fields/values";
import { Pending } from "../page";
import { StateBadge } from "../state-badge";
import { useFieldAt } from "./field-at";
import type { AnyRecord, Content, Kind } from "./kind";

/** One page is more than a record ever has. */
const ALL = { limit: 200 };

/** Accounts are named to those who read them; others learn whether it was they. */
function useWho(): (actor: string) => string {
  const { t } = useLingui();
  const own = `account:${useAccount().id}`;
  return (actor) => (actor === own ? t`bạn` : actor.replace("account:", t`tài khoản số `));
}

type Props = { kind: Kind; record: AnyRecord };

export function RecordSteps({ kind, record: { id } }: Props) {
  const { t } = useLingui();
  const who = useWho();
  const fieldAt = useFieldAt(kind);
  const query = api.useQuery("get", "/api/v1/records/{id}/steps", {
    params: { path: { id }, query: ALL },
  });
  const { data } = query;
  if (!data) return <Pending query={query} count={3} />;
  return (
    <Timeline active={data.items.length} bulletSize={14} lineWidth={2}>
      {data.items.map((step) => (
        <Timeline.Item key={`${step.at} ${step.action}`}>
          <Group gap="xs">
            <StateBadge state={step.state} />
            <Text size="sm" c="dimmed">
              {formatInstant(step.at)} · {who(step.by)}
            </Text>
          </Group>
          {step.reason && (
            <Text size="sm" mt={4} className="wrap-anywhere">
              {step.reason}
            </Text>
          )}
          {step.places.length > 0 && (
            <Text size="sm" c="dimmed">
              {t`Cần sửa`}: {step.places.map(fieldAt).join(", ")}
            </Text>
          )}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

export function RecordVersions({ kind, record: { id, approved_number } }: Props) {
  const who = useWho();
  const query = api.useQuery("get", "/api/v1/records/{id}/versions", {
    params: { path: { id }, query: ALL },
  });
  const { data } = query;
  if (!data) return <Pending query={query} count={3} />;
  return (
    <Stack>
      {data.items.map((version, at) => {
        const before = data.items[at - 1]?.content as Content | undefined;
        return (
          <div key={version.number}>
            <Text fw={600}>
              <Trans>Bản {version.number}</Trans>
              {version.number === approved_number && (
                <>
                  {" · "}
                  <Trans>đang được tính</Trans>
                </>
              )}
            </Text>
            <Text size="sm" c="dimmed">
              <Trans>
                Duyệt lúc {formatInstant(version.approved_at)} bởi {who(version.approved_by)}
              </Trans>
            </Text>
            {before && (
              <Differences kind={kind} before={before} after={version.content as Content} />
            )}
          </div>
        );
      })}
    </Stack>
  );
}

type DifferencesProps = { kind: Kind; before: Content; after: Content };

function Differences({ kind, before, after }: DifferencesProps) {
  const { i18n } = useLingui();
  const changed = differences(kind.fields, before, after);
  if (changed.length === 0) return null;
  return (
    <Table>
      <Table.Tbody>
        {changed.map(([name, field]) => (
          <Table.Tr key={name} style={{ verticalAlign: "top" }}>
            <Table.Th scope="row">{i18n._(field.label)}</Table.Th>
            <Table.Td td="line-through" className="wrap-anywhere">
              <Show field={field} value={before[name]} beside={before} />
            </Table.Td>
            <Table.Td className="wrap-anywhere">
              <Show field={field} value={after[name]} beside={after} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
