/** A day, typed as 1/7/2025; the calendar is loaded when somebody asks for it. */
import { useLingui } from "@lingui/react/macro";
import { ActionIcon, TextInput, type TextInputProps } from "@mantine/core";
import { Calendar, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { type Day, formatDay } from "@/lib/format";
import { parseDay } from "@/lib/parse-day";

const CalendarDialog = lazy(() => import("./calendar-dialog"));

type Props = Omit<TextInputProps, "value" | "onChange"> & {
  /** Empty: none. */
  value: Day;
  onChange: (day: Day) => void;
  clearable?: boolean;
};

export function DayInput({ value, onChange, clearable = false, error, ...props }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(value && formatDay(value));
  const [isOpen, setIsOpen] = useState(false);
  const isWrong = typed.trim() !== "" && parseDay(typed) === undefined;
  useEffect(() => setTyped(value && formatDay(value)), [value]);

  const take = () => {
    const day = typed.trim() === "" ? "" : parseDay(typed);
    if (day !== undefined && day !== value) onChange(day);
    else if (day !== undefined) setTyped(day && formatDay(day));
  };
  const clears = clearable && value !== "";

  return (
    <>
      <TextInput
        placeholder={t`ngày/tháng/năm`}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
        error={error || (isWrong && t`Hãy viết ngày dạng 31/12/2025`)}
        rightSection={
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            aria-label={clears ? t`Bỏ ngày` : t`Mở lịch`}
            onClick={() => (clears ? onChange("") : setIsOpen(true))}
          >
            {clears ? <X aria-hidden size={16} /> : <Calendar aria-hidden size={16} />}
          </ActionIcon>
        }
        {...props}
      />
      {isOpen && (
        <Suspense>
          <CalendarDialog
            value={value}
            onClose={() => setIsOpen(false)}
            onChoose={(day) => {
              setIsOpen(false);
              onChange(day);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
