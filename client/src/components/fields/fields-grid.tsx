/** The inputs of a form, as its fields are described. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Input, Text } from "@mantine/core";
import type { Form } from "@/lib/use-values";
import type { Fields, Values } from "./field";
import { FieldInput } from "./field-input";
import styles from "./fields.module.css";
import { applies } from "./values";

type Props = {
  fields: Fields;
  form: Form<Values>;
  /** Fields that stay as they are. */
  fixed?: string[];
  /** JSON Pointers to what is not shown to the caller. */
  masked?: string[];
};

export function FieldsGrid({ fields, form, fixed = [], masked = [] }: Props) {
  const { i18n } = useLingui();
  const { values, errors, set } = form;
  const shown = Object.entries(fields).filter(
    ([, field]) => field.type !== "qualifier" && applies(field, values),
  );
  return (
    <div className={styles.grid}>
      {shown.map(([name, field]) => (
        <div key={name} data-type={field.type}>
          {masked.includes(`/${name}`) ? (
            <Masked label={i18n._(field.label)} />
          ) : (
            <FieldInput
              field={field}
              value={values[name]}
              onChange={(value) => set(name, value)}
              onChangeBeside={set}
              beside={values}
              naming={{
                label: i18n._(field.label),
                description: field.hint && i18n._(field.hint),
                required: field.isRequired,
                disabled: fixed.includes(name),
                error: errors[name],
              }}
            />
          )}
        </div>
      ))}
    </div>
  );
}

/** What the caller may not see they do not change either: it stays as it is. */
function Masked({ label }: { label: string }) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Text size="sm" c="dimmed">
        <Trans>Bạn không có quyền xem dữ liệu cá nhân; dữ liệu đã nhập được giữ nguyên.</Trans>
      </Text>
    </Input.Wrapper>
  );
}
