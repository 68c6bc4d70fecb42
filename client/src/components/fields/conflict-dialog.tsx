/** Somebody else changed it meanwhile: both values, field by field, and the choice. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Radio, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { Field, Fields, Values } from "./field";
import { Show } from "./show";
import { differences } from "./values";

type Props = {
  fields: Fields;
  mine: Values;
  theirs: Values;
  /** What both began with: a field that only one changed has its choice already. */
  base: Values | undefined;
  onClose: () => void;
  onResolve: (chosen: Values) => void;
};

export default function ConflictDialog({ fields, mine, theirs, base, onClose, onResolve }: Props) {
  const { t, i18n } = useLingui();
  const changed = differences(fields, mine, theirs);
  const isMine = new Set((base ? differences(fields, base, mine) : changed).map(([name]) => name));
  const [choices, setChoices] = useState<Record<string, "mine" | "theirs">>(() =>
    Object.fromEntries(changed.map(([name]) => [name, isMine.has(name) ? "mine" : "theirs"])),
  );
  const chosen = () => {
    const taken = changed
      .filter(([name]) => choices[name] === "theirs")
      // What the other one left out is emptied.
      .map(([name]) => [name, theirs[name] ?? null]);
    return { ...mine, ...Object.fromEntries(taken) };
  };
  const choice = (name: string, field: Field, side: "mine" | "theirs") => {
    const content = side === "mine" ? mine : theirs;
    return (
      <Radio
        name={name}
        label={<Show field={field} value={content[name]} beside={content} />}
        checked={choices[name] === side}
        onChange={() => setChoices((old) => ({ ...old, [name]: side }))}
        styles={{ label: { overflowWrap: "anywhere" } }}
      />
    );
  };
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
            {changed.map(([name, field]) => (
              <Table.Tr key={name} style={{ verticalAlign: "top" }}>
                <Table.Th scope="row">{i18n._(field.label)}</Table.Th>
                <Table.Td>{choice(name, field, "mine")}</Table.Td>
                <Table.Td>{choice(name, field, "theirs")}</Table.Td>
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
