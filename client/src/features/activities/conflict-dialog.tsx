/** Somebody else changed the draft meanwhile: both values, field by field, and the choice. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Radio, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { FieldValue } from "@/components/record/field-value";
import { differences, type Field, useFieldNames } from "@/components/record/fields";
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
  const isMine = new Set(base ? differences(base, mine) : changed);
  const [choices, setChoices] = useState<Record<string, "mine" | "theirs">>(() =>
    Object.fromEntries(changed.map((field) => [field, isMine.has(field) ? "mine" : "theirs"])),
  );
  const chosen = () => {
    const taken = changed
      .filter((field) => choices[field] === "theirs")
      // What the other one left out is emptied.
      .map((field) => [field, theirs[field] ?? null]);
    return { ...mine, ...Object.fromEntries(taken) };
  };
  const choice = (field: Field, side: "mine" | "theirs") => (
    <Radio
      name={field}
      label={<FieldValue content={side === "mine" ? mine : theirs} field={field} />}
      checked={choices[field] === side}
      onChange={() => setChoices((old) => ({ ...old, [field]: side }))}
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
            {changed.map((field) => (
              <Table.Tr key={field} style={{ verticalAlign: "top" }}>
                <Table.Th scope="row">{names[field]}</Table.Th>
                <Table.Td>{choice(field, "mine")}</Table.Td>
                <Table.Td>{choice(field, "theirs")}</Table.Td>
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
