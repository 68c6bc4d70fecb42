/** A unit that begins: by a line of its own, or as a part of one that is split. */
import { useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";
import { api } from "@/api/client";
import { nameIn } from "@/components/names";
import { UnitPicker } from "@/components/unit-picker";
import { today } from "@/lib/format";

export type NewUnit = {
  name?: string | null;
  code?: string | null;
  kind?: string | null;
  parent?: string | null;
};

type Props = { value: NewUnit; onChange: (change: NewUnit) => void };

export function NewUnitFields({ value, onChange }: Props) {
  const { t } = useLingui();
  const text = (name: "code" | "name", label: string) => (
    <TextInput
      label={label}
      required
      maxLength={name === "code" ? 64 : 300}
      value={value[name] ?? ""}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      {text("name", t`Tên`)}
      {text("code", t`Mã`)}
      <KindSelect label={t`Loại`} value={value.kind} onChange={(kind) => onChange({ kind })} />
      <UnitPicker
        label={t`Trực thuộc`}
        required
        value={value.parent ?? ""}
        onChange={(code) => onChange({ parent: code || undefined })}
      />
    </>
  );
}

type KindProps = {
  label: string;
  value: string | null | undefined;
  onChange: (kind: string) => void;
};

export function KindSelect({ label, value, onChange }: KindProps) {
  const { i18n } = useLingui();
  const query = { as_of: today(), limit: 200 };
  const { data } = api.useQuery("get", "/api/v1/unit_kinds", { params: { query } });
  const kinds = (data?.items ?? []).map((kind) => ({
    value: kind.kind,
    label: nameIn(kind, i18n.locale),
  }));
  return (
    <NativeSelect
      label={label}
      required
      data={[{ value: "", label: "" }, ...kinds]}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
