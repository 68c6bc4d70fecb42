/** A new account of another system: what it may do, never more than its maker. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Group, Paper, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { usePermissionSentence } from "@/components/names";
import { UnitPicker } from "@/components/unit-picker";

export function NewService({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const account = useAccount();
  const sentence = usePermissionSentence();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [unit, setUnit] = useState(account.unit ?? "");
  const [validTo, setValidTo] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [addresses, setAddresses] = useState("");
  const create = api.useMutation("post", "/api/v1/service_accounts", {
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries();
      await navigate({ to: "/service-accounts/$id", params: { id: String(id) } });
    },
  });
  const errors = formErrors(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      body: {
        name: name.trim(),
        unit: unit || null,
        valid_to: validTo || null,
        scopes,
        addresses: addresses.split(/[\s,;]+/).filter(Boolean),
      },
    });
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
              {account.permissions.map(({ permission }) => (
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
          {create.error && <Failure error={create.error} />}
          <Group>
            <Button variant="default" onClick={onClose}>
              <Trans>Thôi</Trans>
            </Button>
            <Button
              type="submit"
              loading={create.isPending}
              disabled={name.trim() === "" || scopes.length === 0}
            >
              <Trans>Thêm hệ thống</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
