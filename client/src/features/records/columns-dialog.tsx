/** Which columns a list shows, beside name, unit and state. Kept on this device. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import type { Kind } from "@/components/record/kind";
import { choosable, type useColumns } from "./columns";

type Props = { kind: Kind; chosen: ReturnType<typeof useColumns>; onClose: () => void };

export default function ColumnsDialog({ kind, chosen, onClose }: Props) {
  const { t, i18n } = useLingui();
  const fields = choosable(kind);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Chọn cột`}
      closeButtonProps={{ "aria-label": t`Đóng` }}
    >
      <Stack>
        <Text size="sm">
          <Trans>Tên, đơn vị và trạng thái luôn có. Lựa chọn này được giữ trên máy này.</Trans>
        </Text>
        <Checkbox.Group
          aria-label={t`Chọn cột`}
          value={chosen.columns.flat()}
          // They stand in the order of the form.
          onChange={(names) => chosen.choose(fields.filter((name) => names.includes(name)))}
        >
          <Stack gap="xs">
            {fields.map((name) => {
              const field = kind.fields[name];
              return field && <Checkbox key={name} value={name} label={i18n._(field.label)} />;
            })}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button variant="default" disabled={!chosen.isChosen} onClick={chosen.reset}>
            <Trans>Như ban đầu</Trans>
          </Button>
          <Button onClick={onClose}>
            <Trans>Xong</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
