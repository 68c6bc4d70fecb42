import { useLingui } from "@lingui/react/macro";
import { Center, Modal } from "@mantine/core";
import "dayjs/locale/vi";
import "@mantine/dates/styles.css";
import { DatePicker } from "@mantine/dates";
import { type Day, today } from "@/lib/format";

type Props = { value: Day; onChoose: (day: Day) => void; onClose: () => void };

export default function CalendarDialog({ value, onChoose, onClose }: Props) {
  const { t, i18n } = useLingui();
  return (
    <Modal
      opened
      size="auto"
      onClose={onClose}
      title={t`Chọn ngày`}
      closeButtonProps={{ "aria-label": t`Đóng` }}
    >
      <Center>
        <DatePicker
          locale={i18n.locale}
          defaultDate={value || today()}
          minDate="1900-01-01"
          maxDate="2999-12-31"
          value={value || null}
          onChange={(day) => day && onChoose(day)}
          ariaLabels={{
            previousMonth: t`Tháng trước`,
            nextMonth: t`Tháng sau`,
            previousYear: t`Năm trước`,
            nextYear: t`Năm sau`,
          }}
        />
      </Center>
    </Modal>
  );
}
