/** One line of a decision. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Fieldset, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { UnitPicker } from "@/components/unit-picker";
import { KindSelect, NewUnitFields } from "./new-unit-fields";
import { emptyPart, SplitFields } from "./split-fields";
import { type Line, useOpNames } from "./states";
import { UnitList } from "./unit-list";

const OPS = [
  "transfer",
  "establish",
  "rename",
  "change_kind",
  "merge",
  "split",
  "end",
  "restore",
] as const satisfies Line["op"][];

export const emptyLine = (op: Line["op"]): Line =>
  op === "split" ? { op, parts: [emptyPart(), emptyPart()] } : { op };

type Props = {
  number: number;
  line: Line;
  onChange: (line: Line) => void;
  onRemove?: () => void;
};

export function LineFields({ number, line, onChange, onRemove }: Props) {
  const { t } = useLingui();
  const names = useOpNames();
  const set = (change: Partial<Line>) => onChange({ ...line, ...change });

  const unit = (
    name: "unit" | "to" | "parent" | "into" | "children_to",
    label: string,
    required = true,
  ) => (
    <UnitPicker
      label={label}
      required={required}
      value={line[name] ?? ""}
      onChange={(code) => set({ [name]: code || undefined })}
    />
  );
  const fields: Record<Line["op"], () => ReactNode> = {
    transfer: () => (
      <>
        {unit("unit", t`Đơn vị được chuyển`)}
        {unit("to", t`Chuyển đến trực thuộc`)}
      </>
    ),
    establish: () => <NewUnitFields value={line} onChange={set} />,
    rename: () => (
      <>
        {unit("unit", t`Đơn vị`)}
        <TextInput
          label={t`Tên mới`}
          required
          maxLength={300}
          value={line.name ?? ""}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      </>
    ),
    change_kind: () => (
      <>
        {unit("unit", t`Đơn vị`)}
        <KindSelect label={t`Loại mới`} value={line.kind} onChange={(kind) => set({ kind })} />
      </>
    ),
    merge: () => (
      <>
        <UnitList
          label={t`Đơn vị được sáp nhập`}
          values={line.units ?? []}
          onChange={(units) => set({ units })}
        />
        {line.new ? (
          <NewUnitFields
            value={line.new}
            onChange={(change) => set({ new: { ...line.new, ...change } as Line["new"] })}
          />
        ) : (
          unit("into", t`Sáp nhập vào`)
        )}
      </>
    ),
    split: () => <SplitFields line={line} set={set} />,
    end: () => (
      <>
        {unit("unit", t`Đơn vị kết thúc`)}
        {unit("children_to", t`Các đơn vị trực thuộc chuyển đến`, false)}
      </>
    ),
    restore: () => (
      <>
        {unit("unit", t`Đơn vị đã kết thúc`)}
        {unit("parent", t`Trực thuộc (để trống: như trước)`, false)}
      </>
    ),
  };
  return (
    <Fieldset legend={t`Dòng ${number}`}>
      <NativeSelect
        label={t`Việc`}
        data={OPS.map((op) => ({ value: op, label: names[op] }))}
        value={line.op}
        onChange={(event) => onChange(emptyLine(event.currentTarget.value as Line["op"]))}
        maw={260}
        mb="sm"
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>{fields[line.op]()}</SimpleGrid>
      {onRemove && (
        <Button variant="default" size="compact-md" mt="sm" onClick={onRemove}>
          <Trans>Bỏ dòng này</Trans>
        </Button>
      )}
    </Fieldset>
  );
}
