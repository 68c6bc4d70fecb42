/** One line of a decision. Those that people write by hand; splits and restorations come by the API. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Fieldset, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { api } from "@/api/client";
import { nameIn } from "@/components/names";
import { UnitPicker } from "@/components/unit-picker";
import { today } from "@/lib/format";
import { type Line, useOpNames } from "./states";

const OPS = ["transfer", "establish", "rename", "merge", "end"] as const;

export const emptyLine = (op: Line["op"]): Line => (op === "merge" ? { op, units: [""] } : { op });

/** As it is sent: without the place for one more unit. */
export const written = (line: Line): Line =>
  line.units ? { ...line, units: line.units.filter(Boolean) } : line;

type Props = {
  number: number;
  line: Line;
  onChange: (line: Line) => void;
  onRemove?: () => void;
};

export function LineFields({ number, line, onChange, onRemove }: Props) {
  const { t, i18n } = useLingui();
  const names = useOpNames();
  const query = { as_of: today(), limit: 200 };
  const { data: kinds } = api.useQuery("get", "/api/v1/unit_kinds", { params: { query } });
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
  const text = (name: "code" | "name", label: string) => (
    <TextInput
      label={label}
      required
      maxLength={300}
      value={line[name] ?? ""}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  const fields: { [op: string]: React.ReactNode } = {
    transfer: (
      <>
        {unit("unit", t`Đơn vị được chuyển`)}
        {unit("to", t`Chuyển đến trực thuộc`)}
      </>
    ),
    establish: (
      <>
        {text("name", t`Tên`)}
        {text("code", t`Mã`)}
        <NativeSelect
          label={t`Loại`}
          required
          data={[
            { value: "", label: "" },
            ...(kinds?.items ?? []).map((kind) => ({
              value: kind.kind,
              label: nameIn(kind, i18n.locale),
            })),
          ]}
          value={line.kind ?? ""}
          onChange={(event) => set({ kind: event.currentTarget.value })}
        />
        {unit("parent", t`Trực thuộc`)}
      </>
    ),
    rename: (
      <>
        {unit("unit", t`Đơn vị`)}
        {text("name", t`Tên mới`)}
      </>
    ),
    merge: (
      <>
        {(line.units ?? []).map((code, at) => (
          <UnitPicker
            // biome-ignore lint/suspicious/noArrayIndexKey: places in a list
            key={at}
            label={t`Đơn vị được sáp nhập`}
            value={code}
            onChange={(next) => {
              const units = (line.units ?? []).toSpliced(at, 1, next).filter(Boolean);
              set({ units: [...units, ""] });
            }}
          />
        ))}
        {unit("into", t`Sáp nhập vào`)}
      </>
    ),
    end: (
      <>
        {unit("unit", t`Đơn vị kết thúc`)}
        {unit("children_to", t`Các đơn vị trực thuộc chuyển đến`, false)}
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
      <SimpleGrid cols={{ base: 1, sm: 2 }}>{fields[line.op]}</SimpleGrid>
      {onRemove && (
        <Button variant="default" size="compact-md" mt="sm" onClick={onRemove}>
          <Trans>Bỏ dòng này</Trans>
        </Button>
      )}
    </Fieldset>
  );
}
