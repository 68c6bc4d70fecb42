/** As many rows as there are, each with the same columns. */
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Box, Button, Fieldset, Group, Input, Stack } from "@mantine/core";
import { Plus, X } from "lucide-react";
import type { Field, Fields, Values } from "./field";
import { FieldInput } from "./field-input";
import styles from "./fields.module.css";
import type { InputProps } from "./pick-input";
import { applies, beginning } from "./values";

/** The most that the API takes. */
const MAX = 50;

type Props = InputProps & { columns: Fields; add: MessageDescriptor };

export function RowsInput({ columns, add, value, onChange, naming }: Props) {
  const { t, i18n } = useLingui();
  const rows = value as Values[];
  const change = (at: number, change: Values) =>
    onChange(rows.toSpliced(at, 1, { ...rows[at], ...change }));
  const shown = Object.entries(columns).filter(([, { type }]) => type !== "qualifier");
  return (
    <Fieldset legend={naming.label}>
      <Stack gap="sm">
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
          <Group key={at} gap="xs" align="flex-start">
            {shown
              .filter(([, field]) => applies(field, row))
              .map(([name, field]) => (
                <Box key={name} className={styles.column} data-type={field.type}>
                  <FieldInput
                    field={field}
                    value={row[name]}
                    onChange={(value) => change(at, { [name]: value })}
                    onChangeBeside={(name, value) => change(at, { [name]: value })}
                    beside={row}
                    naming={inRow(i18n._(field.label), field)}
                  />
                </Box>
              ))}
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t`Bỏ dòng này`}
              onClick={() => onChange(rows.toSpliced(at, 1))}
            >
              <X aria-hidden size={16} />
            </ActionIcon>
          </Group>
        ))}
        {naming.error && <Input.Error role="alert">{naming.error}</Input.Error>}
        {rows.length < MAX && (
          <Button
            variant="default"
            size="compact-md"
            style={{ alignSelf: "flex-start" }}
            leftSection={<Plus aria-hidden size={14} />}
            onClick={() => onChange([...rows, beginning(columns)])}
          >
            {i18n._(add)}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}

/** In a row there is no place for labels above: they stand where something is to be entered. */
const inRow = (label: string, field: Field) =>
  field.type === "day" ? { label } : { "aria-label": label, placeholder: label };
