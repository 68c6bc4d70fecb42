/** The input of a field, whatever its type. */
import { useLingui } from "@lingui/react/macro";
import { Group, Input, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { lazy, Suspense } from "react";
import { NumberField } from "../number-field";
import { PeriodPicker } from "../period-picker";
import { QUALIFIERS } from "./options";
import { type InputProps, PickInput } from "./pick-input";
import { RowsInput } from "./rows-input";
import { SeveralInput } from "./several-input";
import { Show } from "./show";

const YesNoInput = lazy(() => import("./yes-no-input"));

/** Limits of the API, by which longer texts can't be typed. */
const TEXT = 300;
const LONG_TEXT = 20_000;

type Props = InputProps & {
  /** Changes another value beside it. */
  onChangeBeside: (name: string, value: unknown) => void;
};

export function FieldInput(props: Props) {
  const { field, value, onChange, naming } = props;
  switch (field.type) {
    case "text":
      return (
        <TextInput
          maxLength={TEXT}
          value={value as string}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...naming}
        />
      );
    case "long_text":
    case "lines":
      return (
        <Textarea
          autosize
          minRows={field.type === "lines" ? 2 : 4}
          maxRows={16}
          maxLength={LONG_TEXT}
          value={value as string}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...naming}
        />
      );
    case "number":
      return field.sure ? (
        <SureNumber {...props} sure={field.sure} />
      ) : (
        <NumberField value={value as number | ""} onChange={onChange} {...naming} />
      );
    case "period":
      return <PeriodPicker value={value as string} onChange={onChange} {...naming} />;
    case "yes_no":
      return (
        <Suspense>
          <YesNoInput {...props} />
        </Suspense>
      );
    case "person":
      return <PersonInput {...props} />;
    case "units":
    case "references":
      return <SeveralInput {...props} />;
    case "figures":
      return (
        <Input.Wrapper label={naming.label} labelElement="div">
          <Show field={field} value={value} beside={props.beside} />
        </Input.Wrapper>
      );
    case "rows":
      return <RowsInput {...props} columns={field.columns} add={field.add} />;
    default:
      return <PickInput {...props} />;
  }
}

/** A number with how sure it is, which is a value of its own. */
function SureNumber({
  value,
  onChange,
  beside,
  onChangeBeside,
  naming,
  sure,
}: Props & { sure: string }) {
  const { t, i18n } = useLingui();
  const { label, description, required, error, ...rest } = naming;
  const name = label ?? naming["aria-label"] ?? "";
  const options = Object.entries(QUALIFIERS);
  return (
    <Input.Wrapper
      label={label}
      description={description}
      required={required}
      error={error}
      labelElement="div"
    >
      <Group gap="xs" wrap="nowrap" mt={label ? 4 : 0}>
        <NativeSelect
          aria-label={t`Mức chắc chắn của “${name}”`}
          data={options.map(([value, label]) => ({ value, label: i18n._(label) }))}
          value={beside[sure] as string}
          onChange={(event) => onChangeBeside(sure, event.currentTarget.value)}
          w={110}
        />
        <NumberField
          {...rest}
          aria-label={name}
          error={Boolean(error)}
          value={value as number | ""}
          onChange={onChange}
          flex={1}
          miw={90}
        />
      </Group>
    </Input.Wrapper>
  );
}

function PersonInput({ value, onChange, naming }: Props) {
  const { t } = useLingui();
  const person = value as { name: string; position: string };
  const { label, description, error } = naming;
  const text = (name: "name" | "position", label: string) => (
    <TextInput
      aria-label={label}
      placeholder={label}
      maxLength={TEXT}
      autoComplete="off"
      flex={1}
      miw={180}
      value={person[name]}
      onChange={(event) => onChange({ ...person, [name]: event.currentTarget.value })}
    />
  );
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Group gap="xs" mt={4}>
        {text("name", t`Họ và tên`)}
        {text("position", t`Chức vụ khi đó`)}
      </Group>
    </Input.Wrapper>
  );
}
