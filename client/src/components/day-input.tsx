/** A day, typed as 1/7/2025; the calendar is loaded when somebody asks for it. */
import { useLingui } from "@lingui/react/macro";
import { ActionIcon, TextInput, type TextInputProps } from "@mantine/core";
import { Calendar, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { type Day, formatDay } from "@/lib/format";
import { parseDay } from "@/lib/parse-day";

const CalendarDialog = lazy(() => import("./calendar-dialog"));

type Props = Omit<TextInputProps, "value" | "onChange"> & {
  /** Empty: none. What is typed and is no day counts as none. */
  value: Day;
  onChange: (day: Day) => void;
  clearable?: boolean;
};

export function DayInput({ value, onChange, clearable = false, error, ...props }: Props) {
  const { t } = useLingui();
  /** What is typed shows as long as the value is the one that it led to. */
  const [typed, setTyped] = useState({ text: formatDay(value), day: value });
  const [isOpen, setIsOpen] = useState(false);
  const text = typed.day === value ? typed.text : formatDay(value);
  const isWrong = text.trim() !== "" && parseDay(text) === undefined;
  const hint = t`Hãy viết ngày dạng 31/12/2025`;

  const take = (text: string, day: Day) => {
    setTyped({ text, day });
    if (day !== value) onChange(day);
  };
  /** Whoever leaves the field has typed a day, or none. */
  const settle = () => {
    const day = parseDay(text) ?? "";
    take(isWrong ? text : formatDay(day), day);
  };
  const clears = clearable && text !== "";

  return (
    <>
      <TextInput
        placeholder={t`ngày/tháng/năm`}
        inputMode="numeric"
        autoComplete="off"
        // A form that leaves the checking to the browser is not sent with it either.
        ref={(input) => input?.setCustomValidity(isWrong ? hint : "")}
        value={text}
        onChange={({ currentTarget: { value: text } }) => take(text, parseDay(text) ?? value)}
        onBlur={settle}
        onKeyDown={(event) => event.key === "Enter" && settle()}
        error={error || (isWrong && hint)}
        rightSection={
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            aria-label={clears ? t`Bỏ ngày` : t`Mở lịch`}
            onClick={() => (clears ? take("", "") : setIsOpen(true))}
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
