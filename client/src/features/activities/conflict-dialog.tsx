/** Somebody else changed the draft meanwhile: both values, field by field, and the choice. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Radio, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { differences, useFieldNames } from "@/components/record/fields";
import type { Content } from "./form-values";

type Props = {
  mine: Content;
  theirs: Content;
  /** What both began with: a field that only one changed has its choice already. */
  base: Content | undefined;
  onClose: () => void;
  onResolve: (chosen: Content) => void;
};

export default function ConflictDialog({ mine, theirs, base, onClose, onResolve }: Props) {
  const { t } = useLingui();
  const names = useFieldNames();
  const changed = differences(mine, theirs);
  const isMine = new Set(
    base ? differences(base, mine).map((field) => field.name) : changed.map((field) => field.name),
  );
  const [choices, setChoices] = useState<Record<string, "mine" | "theirs">>(() =>
    Object.fromEntries(changed.map(({ name }) => [name, isMine.has(name) ? "mine" : "theirs"])),
  );
  const chosen = () => {
    const taken = changed
      .filter(({ name }) => choices[name] === "theirs")
      .map(({ name }) => [name, theirs[name]]);
    return { ...mine, ...Object.fromEntries(taken) };
  };
  const choice = (name: string, side: "mine" | "theirs", value: string) => (
    <Radio
      name={name}
      label={value}
      checked={choices[name] === side}
      onChange={() => setChoices((old) => ({ ...old, [name]: side }))}
      styles={{ label: { overflowWrap: "anywhere" } }}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t`Người khác đã sửa trong lúc bạn nhập`}
      closeButtonProps={{ "aria-label": t`Đóng` }}
    >
      <Stack>
        <Text size="sm">
          <Trans>
            Hãy chọn giá trị được giữ ở mỗi trường khác nhau. Không có gì bị ghi đè khi bạn chưa
            chọn.
          </Trans>
        </Text>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`Trường`}</Table.Th>
              <Table.Th>{t`Của bạn`}</Table.Th>
              <Table.Th>{t`Của người kia`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changed.map(({ name, before, after }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{names[name] ?? name}</Table.Th>
                <Table.Td>{choice(name, "mine", before)}</Table.Td>
                <Table.Td>{choice(name, "theirs", after)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            <Trans>Quay lại biểu mẫu</Trans>
          </Button>
          <Button onClick={() => onResolve(chosen())}>
            <Trans>Lưu với lựa chọn này</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
