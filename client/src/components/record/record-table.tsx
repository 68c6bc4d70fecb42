/** Records in rows; on a phone, one below the other. */
import { useLingui } from "@lingui/react/macro";
import { Box, Checkbox, Group, Paper, Stack, Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import { isSame } from "@/lib/same";
import { type Column, DataTable } from "../data-table";
import { Show } from "../fields/show";
import { StateBadge } from "../state-badge";
import { UnitName } from "../unit-link";
import type { AnyRecord, Kind } from "./kind";

const isTold =
  ({ content }: AnyRecord) =>
  (name: string) =>
    !isSame(content[name], null);

type Props = {
  kind: Kind;
  items: AnyRecord[];
  /** Fields of a column, where they are not those of the kind. */
  columns?: string[][];
  titleOf: (item: AnyRecord) => ReactNode;
  openId?: number;
  /** The ids that are ticked, where ticking is meant. */
  chosen?: Set<number>;
  onChoose?: (ids: Set<number>) => void;
};

export function RecordTable({
  kind,
  items,
  columns: told = kind.columns,
  titleOf,
  openId,
  chosen,
  onChoose,
}: Props) {
  const { t, i18n } = useLingui();
  // Beside the one that is open there is no room for columns.
  const isWide = openId === undefined;
  const labelOf = (name: string | undefined) => {
    const field = kind.fields[name ?? ""];
    return field ? i18n._(field.label) : "";
  };
  const tick = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose?.(next);
  };
  const box = (item: AnyRecord) =>
    onChoose && (
      <Checkbox
        aria-label={t`Chọn “${item.content.title}”`}
        checked={chosen?.has(item.id) ?? false}
        onChange={() => tick(item.id)}
      />
    );
  const columns: Column<AnyRecord>[] = [
    ...(onChoose ? [{ label: t`Chọn`, isLabelHidden: true, show: box }] : []),
    { label: labelOf("title"), show: titleOf, isLong: true },
    {
      label: labelOf("unit"),
      show: ({ content }) => (
        <Text size="sm" lineClamp={2}>
          <UnitName code={content.unit} />
        </Text>
      ),
    },
    ...told.map((names) => ({
      label: labelOf(names[0]),
      show: (item: AnyRecord) => <Lines kind={kind} item={item} names={names} />,
    })),
    { label: t`Trạng thái`, show: ({ state }) => <StateBadge state={state} /> },
  ];
  return (
    <>
      {isWide && (
        <Box visibleFrom="sm" style={{ overflowX: "auto" }}>
          <DataTable
            label={i18n._(kind.words.many)}
            columns={columns}
            items={items}
            keyOf={({ id }) => id}
          />
        </Box>
      )}
      <Stack hiddenFrom={isWide ? "sm" : undefined} gap="xs">
        {items.map((item) => (
          <Paper
            key={item.id}
            withBorder
            p="sm"
            bg={item.id === openId ? "var(--mantine-primary-color-light)" : undefined}
          >
            <Group align="flex-start" wrap="nowrap" gap="sm">
              {box(item)}
              <Box flex={1} miw={0} className="wrap-anywhere">
                {titleOf(item)}
                <Text size="sm">
                  <UnitName code={item.content.unit} />
                </Text>
                <Group gap="xs" mt={4}>
                  <StateBadge state={item.state} />
                  <Text size="xs" c="dimmed" component="div">
                    {told
                      .flat()
                      .filter(isTold(item))
                      .map((name, at) => (
                        <Fragment key={name}>
                          {at > 0 && " · "}
                          <Cell kind={kind} item={item} name={name} />
                        </Fragment>
                      ))}
                  </Text>
                </Group>
              </Box>
            </Group>
          </Paper>
        ))}
      </Stack>
    </>
  );
}

/** One below the other, the first above the others. */
function Lines({ kind, item, names }: { kind: Kind; item: AnyRecord; names: string[] }) {
  return names.filter(isTold(item)).map((name, line) => (
    <Text
      key={name}
      size={line === 0 ? "sm" : "xs"}
      c={line === 0 ? undefined : "dimmed"}
      component="div"
      lineClamp={2}
    >
      <Cell kind={kind} item={item} name={name} />
    </Text>
  ));
}

function Cell({ kind, item, name }: { kind: Kind; item: AnyRecord; name: string }) {
  const field = kind.fields[name];
  return field && <Show field={field} value={item.content[name]} beside={item.content} isInline />;
}
