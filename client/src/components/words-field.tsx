/** Words that are searched for: the list follows what is typed, and the address says it. */
import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Search } from "lucide-react";
import { useState } from "react";

type Props = { label: string; value: string; onChange: (words: string) => void };

export function WordsField({ label, value, onChange }: Props) {
  const { t } = useLingui();
  /** What is typed shows as long as the value is the one that it led to, or will lead to. */
  const [typed, setTyped] = useState({ text: value, from: value });
  const settle = useDebouncedCallback((text: string) => {
    setTyped({ text, from: text.trim() });
    onChange(text.trim());
  }, 300);
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={t`Có dấu hay không dấu`}
      maxLength={200}
      leftSection={<Search aria-hidden size={16} />}
      value={typed.from === value ? typed.text : value}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped({ text, from: value });
        settle(text);
      }}
    />
  );
}
