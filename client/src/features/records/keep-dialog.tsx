/** A name for the filter that stands in the address, or another name for one that is kept. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { http, ifMatch, type Schemas } from "@/api/client";
import { formErrors } from "@/api/problem";
import { Failure } from "@/components/failure";
import { queryOf, type RecordsSearch } from "./search";

type Props = {
  list: string;
  search: RecordsSearch;
  /** The one that is renamed; without it, a new one. */
  kept?: Schemas["SavedFilter"];
  onClose: () => void;
};

export default function KeepDialog({ list, search, kept, onClose }: Props) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [name, setName] = useState(kept?.name ?? "");
  const keep = useMutation({
    mutationFn: async () => {
      const { error } = kept ? await rename(kept, name.trim()) : await create(name.trim());
      if (error) throw error;
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/api/v1/account/filters"] });
      onClose();
    },
  });
  const create = (name: string) => {
    // What is not asked for is no parameter.
    const given = Object.entries(queryOf(search)).filter(([, value]) => value !== undefined);
    // The document says of its members only that there are some.
    const parameters = Object.fromEntries(given) as Record<string, never>;
    return http.POST("/api/v1/account/filters", { body: { name, list, parameters } });
  };
  const rename = ({ id, version }: Schemas["SavedFilter"], name: string) =>
    http.PATCH("/api/v1/account/filters/{id}", {
      params: { path: { id }, header: ifMatch(version) },
      body: { name },
    });
  const errors = formErrors(keep.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate();
  };
  const title = kept ? t`Đổi tên bộ lọc` : t`Lưu bộ lọc này`;
  const closeButton = { "aria-label": t`Đóng` };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={closeButton}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            <Trans>Chỉ bạn thấy bộ lọc này. Nó giữ các điều kiện lọc, không giữ danh sách.</Trans>
          </Text>
          <TextInput
            label={t`Tên bộ lọc`}
            required
            maxLength={300}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors.name}
          />
          {keep.error && !errors.name && <Failure error={keep.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              <Trans>Thôi</Trans>
            </Button>
            <Button type="submit" loading={keep.isPending} disabled={name.trim() === ""}>
              <Trans>Lưu</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
