/** Money by source and gifts in kind: as many rows as there are. */
import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { NumberField } from "@/components/number-field";
import { type Source, useSourceNames } from "@/components/record/sources";
import type { Form } from "@/lib/use-values";
import type { Values } from "./form-values";

type Props = { form: Form<Values> };

type RowButtonProps = { label: string; onClick: () => void };

function RemoveButton({ label, onClick }: RowButtonProps) {
  return (
    <ActionIcon variant="default" size={36} aria-label={label} onClick={onClick}>
      <X aria-hidden size={16} />
    </ActionIcon>
  );
}

function AddButton({ label, onClick }: RowButtonProps) {
  return (
    <Button
      variant="default"
      size="compact-md"
      style={{ alignSelf: "flex-start" }}
      leftSection={<Plus aria-hidden size={14} />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

/** One list of the form, and what is done to its rows. */
function useRows<K extends "amounts" | "goods">({ values, set }: Form<Values>, name: K) {
  type Row = Values[K][number];
  const rows = values[name] as Row[];
  const put = (next: Row[]) => set(name, next as Values[K]);
  return {
    rows,
    add: (row: Row) => put([...rows, row]),
    remove: (at: number) => put(rows.filter((_, other) => other !== at)),
    change: (at: number, change: Partial<Row>) =>
      put(rows.map((row, other) => (other === at ? { ...row, ...change } : row))),
  };
}

export function AmountRows({ form }: Props) {
  const { t } = useLingui();
  const names = useSourceNames();
  const { rows, add, remove, change } = useRows(form, "amounts");
  const isFree = (source: Source) => !rows.some((row) => row.source === source);
  const free = (Object.keys(names) as Source[]).filter(isFree);
  const next = free[0];
  return (
    <Fieldset legend={t`Kinh phí (đồng)`}>
      <Stack gap="xs">
        {rows.map((row, at) => (
          <Group key={row.source} gap="xs" wrap="nowrap">
            <NativeSelect
              aria-label={t`Nguồn`}
              data={[row.source, ...free].map((value) => ({ value, label: names[value] }))}
              value={row.source}
              onChange={(event) => change(at, { source: event.currentTarget.value as Source })}
              flex={1}
            />
            <NumberField
              aria-label={t`Số tiền`}
              value={row.amount}
              onChange={(amount) => change(at, { amount, qualifier: "exact" })}
              flex={1}
            />
            <RemoveButton label={t`Bỏ dòng này`} onClick={() => remove(at)} />
          </Group>
        ))}
        {form.errors.amounts && <p role="alert">{form.errors.amounts}</p>}
        {next !== undefined && (
          <AddButton
            label={t`Thêm nguồn kinh phí`}
            onClick={() => add({ source: next, amount: "" })}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

export function GoodsRows({ form }: Props) {
  const { t } = useLingui();
  const { rows, add, remove, change } = useRows(form, "goods");
  return (
    <Fieldset legend={t`Quà, hiện vật`}>
      <Stack gap="xs">
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
          <Group key={at} gap="xs" align="flex-start">
            <TextInput
              aria-label={t`Tên hiện vật`}
              placeholder={t`Tên hiện vật`}
              maxLength={300}
              flex={2}
              miw={140}
              value={row.name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <NumberField
              aria-label={t`Số lượng`}
              placeholder={t`Số lượng`}
              flex={1}
              miw={90}
              value={row.quantity}
              onChange={(quantity) => change(at, { quantity, qualifier: "exact" })}
            />
            <TextInput
              aria-label={t`Đơn vị tính`}
              placeholder={t`Đơn vị tính`}
              maxLength={300}
              flex={1}
              miw={90}
              value={row.unit}
              onChange={(event) => change(at, { unit: event.currentTarget.value })}
            />
            <RemoveButton label={t`Bỏ dòng này`} onClick={() => remove(at)} />
          </Group>
        ))}
        {form.errors.goods && <p role="alert">{form.errors.goods}</p>}
        {rows.length < 50 && (
          <AddButton
            label={t`Thêm hiện vật`}
            onClick={() => add({ name: "", quantity: "", unit: "" })}
          />
        )}
      </Stack>
    </Fieldset>
  );
}
