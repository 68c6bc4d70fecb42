/** A day, a month, a quarter … as a report names it. */
import { useLingui } from "@lingui/react/macro";
import { Group, Input, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { today } from "@/lib/format";
import { PERIOD_FORMS, type PeriodForm, readPeriod, writePeriod } from "@/lib/period";
import { DayInput } from "./day-input";

type Props = {
  value: string;
  onChange: (period: string) => void;
  label?: string;
  description?: string;
  error?: string;
  required?: boolean;
};

export function PeriodPicker({ value, onChange, label, ...wrapper }: Props) {
  const { t } = useLingui();
  const read = readPeriod(value);
  const [form, setForm] = useState<PeriodForm>(value ? read.form : "day");
  const year = read.year || today().slice(0, 4);
  const part = read.part;
  const labels: Record<PeriodForm, string> = {
    day: t`Một ngày`,
    month: t`Tháng`,
    quarter: t`Quý`,
    half: t`Nửa năm`,
    year: t`Năm`,
    school_year: t`Năm học`,
    other: t`Khác`,
  };
  const parts = { month: 12, quarter: 4, half: 2 }[form as "month"] ?? 0;

  const choose = (next: PeriodForm) => {
    setForm(next);
    if (next === "day") onChange(read.form === "day" ? value : today());
    else if (next !== "other") onChange(writePeriod(next, year, "1"));
  };

  return (
    <Input.Wrapper label={label ?? t`Thời gian`} labelElement="div" {...wrapper}>
      <Group gap="xs" align="flex-start" mt={4}>
        <NativeSelect
          aria-label={t`Dạng thời gian`}
          data={PERIOD_FORMS.map((form) => ({ value: form, label: labels[form] }))}
          value={form}
          onChange={(event) => choose(event.currentTarget.value as PeriodForm)}
          w={130}
        />
        {form === "day" && (
          <DayInput
            aria-label={t`Ngày`}
            value={value}
            onChange={onChange}
            flex={1}
            miw={150}
            error={Boolean(wrapper.error)}
          />
        )}
        {parts > 0 && (
          <NativeSelect
            aria-label={labels[form]}
            data={Array.from({ length: parts }, (_, at) => String(at + 1))}
            value={String(Number(part) || 1)}
            onChange={(event) => onChange(writePeriod(form, year, event.currentTarget.value))}
            w={80}
          />
        )}
        {form !== "day" && form !== "other" && (
          <TextInput
            aria-label={t`Năm`}
            inputMode="numeric"
            maxLength={4}
            defaultValue={year}
            key={`${form} ${part}`}
            onChange={(event) => {
              const period = writePeriod(form, event.currentTarget.value, part || "1");
              if (period) onChange(period);
            }}
            w={110}
          />
        )}
        {form === "other" && (
          <TextInput
            aria-label={t`Thời gian, theo cách viết của hệ thống`}
            placeholder="2016/2020"
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
            flex={1}
          />
        )}
      </Group>
    </Input.Wrapper>
  );
}
