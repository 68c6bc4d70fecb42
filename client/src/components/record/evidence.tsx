/** Photographs, lists and scans that prove what a record tells: shown, saved, added, taken away. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Box, Button, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { Camera, Paperclip, X } from "lucide-react";
import { useRef, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { EVIDENCE_MAX, EVIDENCE_TYPES, saveAttachment } from "@/api/upload";
import { formatSize } from "@/lib/format";
import { Failure } from "../failure";
import styles from "./evidence.module.css";
import { useRefresh } from "./requests";
import { useUploads } from "./use-uploads";

type Props = { record: Schemas["Head"] };

export default function Evidence({ record }: Props) {
  const { t } = useLingui();
  const [failure, setFailure] = useState<unknown>();
  const mayChange = record.allowed_actions.includes("edit");
  const refresh = useRefresh();
  const remove = api.useMutation("delete", "/api/v1/records/{id}/attachments/{sha256}", {
    onSettled: refresh,
  });
  if (!mayChange && record.attachments.length === 0) return null;
  return (
    <Stack gap="xs" mt="md">
      <Title order={3} size="h5">
        <Trans>Minh chứng</Trans>
      </Title>
      {record.attachments.map(({ sha256, name, size }) => (
        <Group key={sha256} gap="xs" wrap="nowrap">
          <Paperclip aria-hidden size={16} style={{ flex: "none" }} />
          <UnstyledButton
            className={styles.name}
            onClick={() => saveAttachment(record.id, sha256, name).catch(setFailure)}
          >
            {name}
          </UnstyledButton>
          <Text size="xs" c="dimmed" style={{ flex: "none" }}>
            {formatSize(size)}
          </Text>
          {mayChange && (
            <ActionIcon
              variant="default"
              aria-label={t`Bỏ tệp ${name}`}
              loading={remove.isPending}
              onClick={() =>
                remove.mutate({
                  params: { path: { id: record.id, sha256 }, header: ifMatch(record.version) },
                })
              }
            >
              <X aria-hidden size={14} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {(failure ?? remove.error) ? <Failure error={failure ?? remove.error} /> : null}
      {mayChange && <Adding record={record} onDone={refresh} />}
    </Stack>
  );
}

function Adding({ record, onDone }: Props & { onDone: () => Promise<void> }) {
  const { t } = useLingui();
  const { uploads, add, dismiss } = useUploads(record, onDone);
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const limit = formatSize(EVIDENCE_MAX);
  const input = { type: "file", hidden: true, "aria-hidden": true, tabIndex: -1 } as const;
  const take = (event: React.ChangeEvent<HTMLInputElement>) => {
    add([...(event.currentTarget.files ?? [])]);
    // The same file may be chosen again, after it failed.
    event.currentTarget.value = "";
  };
  return (
    <>
      {uploads.map(({ key, file, share, error, cancel }) => (
        <Box key={key}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" flex={1} className="wrap-anywhere">
              {file.name}
            </Text>
            {error === undefined && (
              <progress value={share} max={1} aria-label={t`Đang gửi ${file.name}`} />
            )}
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => (error === undefined ? cancel() : dismiss(key))}
            >
              {error === undefined ? <Trans>Hủy</Trans> : <Trans>Đóng</Trans>}
            </Button>
          </Group>
          {error !== undefined && <Failure error={error} />}
        </Box>
      ))}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; the buttons do the same */}
      <div
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          add([...event.dataTransfer.files]);
        }}
      >
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<Paperclip aria-hidden size={16} />}
            onClick={() => files.current?.click()}
          >
            <Trans>Thêm tệp</Trans>
          </Button>
          <Button
            variant="default"
            hiddenFrom="md"
            leftSection={<Camera aria-hidden size={16} />}
            onClick={() => camera.current?.click()}
          >
            <Trans>Chụp ảnh</Trans>
          </Button>
        </Group>
        <Text size="sm" c="dimmed" mt={6}>
          <Trans>
            Ảnh, PDF, Word, Excel, PowerPoint, văn bản; mỗi tệp tối đa {limit}. Có thể kéo và thả
            vào đây.
          </Trans>
        </Text>
        <input ref={files} {...input} multiple accept={EVIDENCE_TYPES.join(",")} onChange={take} />
        <input ref={camera} {...input} accept="image/*" capture="environment" onChange={take} />
      </div>
    </>
  );
}
