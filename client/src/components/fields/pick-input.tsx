/** What is chosen, not written: the inputs that forms and filters share. */
import { useLingui } from "@lingui/react/macro";
import { Select } from "@mantine/core";
import { DayInput } from "../day-input";
import { useActivityKinds, useAwardTitles, useReturnForms } from "../names";
import { UnitPicker } from "../unit-picker";
import { DocumentInput } from "./document-input";
import type { Field, Values } from "./field";
import { ReferencePicker } from "./reference-picker";

/** What names an input: beside it, or where there is no place for that, to those alone who hear the page. */
export type Naming = {
  label?: string;
  "aria-label"?: string;
  description?: string;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  error?: string;
};

export type InputProps = {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  /** The values that stand beside it. */
  beside: Values;
  naming: Naming;
};

export function PickInput({ field, value, onChange, beside, naming }: InputProps) {
  const { i18n } = useLingui();
  switch (field.type) {
    case "unit":
      return <UnitPicker value={value as string} onChange={onChange} {...naming} />;
    case "day":
      return (
        <DayInput
          value={value as string}
          onChange={onChange}
          clearable={!naming.required}
          {...naming}
        />
      );
    case "reference":
      return field.to === "document" ? (
        <DocumentInput
          value={value as number | ""}
          onChange={onChange}
          unit={beside.unit as string}
          naming={naming}
        />
      ) : (
        <ReferencePicker
          to={field.to}
          value={value as number | ""}
          onChange={onChange}
          unit={beside.unit as string}
          {...naming}
        />
      );
    case "choice": {
      const options = Object.entries(field.options);
      const named = options.map(([value, label]) => ({ value, label: i18n._(label) }));
      return <Choice options={named} value={value} onChange={onChange} naming={naming} />;
    }
    case "activity_kind":
      return <ActivityKindChoice value={value} onChange={onChange} naming={naming} />;
    case "award_title":
      return <AwardTitleChoice value={value} onChange={onChange} naming={naming} />;
    case "return_form":
      return <ReturnFormChoice value={value} onChange={onChange} naming={naming} />;
    default:
      return null;
  }
}

type ChoiceProps = Pick<InputProps, "value" | "onChange" | "naming">;
type Option = { value: string; label: string };

/** So many are found faster by typing. */
const MANY = 10;

function Choice({ options, value, onChange, naming }: ChoiceProps & { options: Option[] }) {
  const { t } = useLingui();
  return (
    <Select
      searchable={options.length > MANY}
      clearable={!naming.required}
      allowDeselect={!naming.required}
      nothingFoundMessage={t`Không tìm thấy`}
      data={options}
      value={(value as string) || null}
      onChange={(next) => onChange(next ?? "")}
      {...naming}
    />
  );
}

function ActivityKindChoice(props: ChoiceProps) {
  return <Choice options={useActivityKinds().options} {...props} />;
}

function AwardTitleChoice(props: ChoiceProps) {
  return <Choice options={useAwardTitles().options} {...props} />;
}

function ReturnFormChoice(props: ChoiceProps) {
  return <Choice options={useReturnForms().options} {...props} />;
}
