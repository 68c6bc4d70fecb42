/** Names another record, of whatever kind. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, NativeSelect, Paper, SimpleGrid, Stack } from "@mantine/core";
import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { Failure } from "../failure";
import { ReferencePicker } from "../fields/reference-picker";
import type { KindName } from "./kind";
import { NAMED_KINDS } from "./kinds/named";
import { useLinkNames } from "./links";
import { useRefresh } from "./requests";

type Props = { record: Schemas["Head"]; onClose: () => void };

export default function NewLink({ record, onClose }: Props) {
  const { t, i18n } = useLingui();
  const names = useLinkNames();
  const refresh = useRefresh();
  const [kind, setKind] = useState<keyof typeof names>("same_event");
  const [to, setTo] = useState<KindName>("activity");
  const [other, setOther] = useState<number | "">("");
  const add = api.useMutation("post", "/api/v1/records/{id}/links", {
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  const save = () =>
    add.mutate({
      params: { path: { id: record.id }, header: ifMatch(record.version) },
      body: { kind, record_id: Number(other) },
    });
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NativeSelect
            label={t`Liên quan thế nào`}
            data={Object.entries(names).map(([value, label]) => ({ value, label }))}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as typeof kind)}
          />
          <NativeSelect
            label={t`Với`}
            data={NAMED_KINDS.map(({ name, words }) => ({ value: name, label: i18n._(words.one) }))}
            value={to}
            onChange={(event) => {
              setTo(event.currentTarget.value as KindName);
              setOther("");
            }}
          />
        </SimpleGrid>
        <ReferencePicker
          key={to}
          label={t`Từ ngữ trong tên và nội dung`}
          to={to}
          value={other}
          onChange={setOther}
        />
        {add.error && <Failure error={add.error} />}
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Thôi</Trans>
          </Button>
          <Button loading={add.isPending} disabled={other === ""} onClick={save}>
            <Trans>Thêm</Trans>
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
