/** A record of any kind in a line, and the way to its page. */
import { useLingui } from "@lingui/react/macro";
import { Group, Text } from "@mantine/core";
import type { Schemas } from "@/api/client";
import { TextLink } from "../link";
import { StateBadge } from "../state-badge";
import { UnitName } from "../unit-link";
import { namedKind } from "./kinds/named";
import { pagesOf } from "./pages";

export function RecordLine({ record }: { record: Schemas["RecordSummary"] }) {
  const { i18n } = useLingui();
  const kind = namedKind(record.record_kind);
  return (
    <Group gap="xs" className="wrap-anywhere">
      {kind ? (
        <TextLink to={pagesOf(kind).one} params={{ id: String(record.id) }}>
          {record.title}
        </TextLink>
      ) : (
        <Text size="sm">{record.title}</Text>
      )}
      <Text size="sm" c="dimmed">
        {kind && `${i18n._(kind.words.one)} · `}
        <UnitName code={record.unit} />
      </Text>
      <StateBadge state={record.state} />
    </Group>
  );
}
