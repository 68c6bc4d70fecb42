import { useLingui } from "@lingui/react/macro";
import { Kbd, Modal, Table } from "@mantine/core";
import type { NavItem } from "./navigation";

export default function ShortcutsDialog({
  items,
  onClose,
}: {
  items: NavItem[];
  onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const rows: [string[], string][] = [
    [["Ctrl", "K"], t`Tìm ở bất cứ trang nào: đơn vị, mục đã ghi, trang, việc`],
    [["?"], t`Danh sách này`],
    ...items.map((item): [string[], string] => [["g", item.key], i18n._(item.label)]),
    [["j"], t`Mục tiếp theo (chờ duyệt)`],
    [["k"], t`Mục trước (chờ duyệt)`],
    [["a"], t`Duyệt mục đang mở (chờ duyệt)`],
    [["r"], t`Trả lại mục đang mở (chờ duyệt)`],
    [["Ctrl", "S"], t`Lưu biểu mẫu`],
    [["←", "→"], t`Đóng, mở một nhánh của cây đơn vị`],
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Phím tắt`}
      closeButtonProps={{ "aria-label": t`Đóng` }}
    >
      <Table>
        <Table.Tbody>
          {rows.map(([keys, label]) => (
            <Table.Tr key={keys.join(" ")}>
              <Table.Td w={110}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{label}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
