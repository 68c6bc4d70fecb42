/** Records a paper, so that something can rest on it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { api } from "@/api/client";
import { formErrors } from "@/api/problem";
import { useValues } from "@/lib/use-values";
import { DayInput } from "../day-input";
import { Failure } from "../failure";

type Props = {
  /** Code of the unit whose paper it is; empty where that is not known. */
  unit: string;
  onClose: () => void;
  onSaved: (id: number) => void;
};

export default function NewDocument({ unit, onClose, onSaved }: Props) {
  const { t } = useLingui();
  const { values, set, errors, setErrors } = useValues({
    number: "",
    title: "",
    issuer: "",
    date: "",
  });
  const save = api.useMutation("post", "/api/v1/documents", {
    onError: (error) => setErrors(formErrors(error)),
    onSuccess: ({ id }) => {
      onSaved(id);
      onClose();
    },
  });
  const told = (name: keyof typeof values) => values[name].trim() || null;
  const send = () =>
    save.mutate({
      body: {
        number: told("number"),
        title: told("title"),
        issuer: told("issuer"),
        date: told("date"),
        unit: unit || undefined,
      },
    });
  const text = (name: "number" | "title" | "issuer", label: string) => (
    <TextInput
      label={label}
      maxLength={300}
      value={values[name]}
      onChange={(event) => set(name, event.currentTarget.value)}
      error={errors[name]}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Nhập văn bản chưa có`}
      closeButtonProps={{ "aria-label": t`Đóng` }}
    >
      <Stack>
        {text("number", t`Số, ký hiệu`)}
        {text("title", t`Trích yếu`)}
        {text("issuer", t`Cơ quan ban hành`)}
        <DayInput
          label={t`Ngày ban hành`}
          value={values.date}
          onChange={(date) => set("date", date)}
          error={errors.date}
        />
        {save.error && <Failure error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            <Trans>Thôi</Trans>
          </Button>
          <Button
            loading={save.isPending}
            disabled={!told("number") && !told("title")}
            onClick={send}
          >
            <Trans>Lưu văn bản</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
