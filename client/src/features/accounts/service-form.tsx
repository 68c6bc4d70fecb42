/** An account of another system, new or changed: what it may do, never more than its maker. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Group, Paper, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { http, ifMatch, type Schemas } from "@/api/client";
import { formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { usePermissionSentence } from "@/components/names";
import { UnitPicker } from "@/components/unit-picker";

type Service = Schemas["ServiceAccount"];

type Props = {
  /** The one that is changed; without it, a new one. */
  service?: Service;
  onSaved: (saved: Service) => Promise<unknown>;
  onClose: () => void;
};

export function ServiceForm({ service, onSaved, onClose }: Props) {
  const { t } = useLingui();
  const account = useAccount();
  const sentence = usePermissionSentence();
  const queries = useQueryClient();
  const [name, setName] = useState(service?.name ?? "");
  const [unit, setUnit] = useState(service ? (service.unit ?? "") : (account.unit ?? ""));
  const [validTo, setValidTo] = useState(service?.valid_to ?? "");
  const [scopes, setScopes] = useState<string[]>(service?.scopes ?? []);
  const [addresses, setAddresses] = useState(service?.addresses.join(", ") ?? "");
  const own = account.permissions.map(({ permission }) => permission);
  const save = useMutation({
    mutationFn: async (): Promise<Service> => {
      const body = {
        name: name.trim(),
        unit: unit || null,
        valid_to: validTo || null,
        scopes,
        addresses: addresses.split(/[\s,;]+/).filter(Boolean),
      };
      const { data, error } = service
        ? await http.PATCH("/api/v1/service_accounts/{id}", {
            params: { path: { id: service.id }, header: ifMatch(service.version) },
            body,
          })
        : await http.POST("/api/v1/service_accounts", { body });
      if (error) throw error;
      return data;
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries();
      await onSaved(saved);
    },
  });
  const errors = formErrors(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Paper withBorder p="md" maw={900}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t`Tên của hệ thống`}
            required
            maxLength={300}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors.name}
          />
          <UnitPicker
            label={t`Ở đơn vị và mọi đơn vị thuộc nó`}
            description={t`Để trống: toàn hệ thống`}
            value={unit}
            onChange={setUnit}
            error={errors.unit}
          />
          <Checkbox.Group
            label={t`Được làm gì`}
            description={t`Chỉ những quyền mà chính bạn có`}
            value={scopes}
            onChange={setScopes}
            error={errors.scopes}
          >
            <Stack gap={6} mt="xs">
              {[...new Set([...own, ...(service?.scopes ?? [])])].map((permission) => (
                <Checkbox key={permission} value={permission} label={sentence(permission)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <DayInput
            label={t`Ngày đầu tiên không còn hiệu lực`}
            description={t`Để trống: cho đến khi được báo`}
            value={validTo}
            onChange={setValidTo}
            error={errors.valid_to}
            clearable
          />
          <TextInput
            label={t`Địa chỉ mạng được gọi từ đó`}
            description={t`Như 10.1.0.0/16, cách nhau bằng dấu phẩy. Để trống: từ bất cứ đâu`}
            value={addresses}
            onChange={(event) => setAddresses(event.currentTarget.value)}
            error={errors.addresses}
          />
          {save.error && <Failure error={save.error} />}
          <Group>
            <Button variant="default" onClick={onClose}>
              <Trans>Thôi</Trans>
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={name.trim() === "" || scopes.length === 0}
            >
              {service ? <Trans>Lưu</Trans> : <Trans>Thêm hệ thống</Trans>}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
