/** My own account: what I may do where, my password, my sessions. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, http } from "@/api/client";
import { useAccount } from "@/components/account";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { usePermissionSentence } from "@/components/names";
import { Page, Pending, Section } from "@/components/page";
import { UnitLink } from "@/components/unit-link";
import { formatInstant } from "@/lib/format";
import { PasswordForm } from "./password-form";
import { SecondFactorSetup } from "./second-factor-page";

export default function ProfilePage() {
  const { t } = useLingui();
  const account = useAccount();
  return (
    <Page title={t`Tài khoản của tôi`}>
      <Stack maw={820} gap="xl">
        <Facts
          facts={[
            [t`Tên đăng nhập`, account.name],
            [t`Tên hiển thị`, account.display_name],
            [t`Đơn vị`, account.unit && <UnitLink key="unit" code={account.unit} />],
            [t`Xác thực hai bước`, account.has_second_factor ? t`Đã bật` : t`Chưa bật`],
          ]}
        />
        <Section title={t`Phiên đăng nhập`}>
          <Sessions />
        </Section>
        <Section title={t`Đổi mật khẩu`}>
          <PasswordForm />
        </Section>
        {!account.has_second_factor && (
          <Section title={t`Bật xác thực hai bước`}>
            <SecondFactorSetup />
          </Section>
        )}
        <Section title={t`Tôi được làm gì`}>
          <Permissions />
        </Section>
      </Stack>
    </Page>
  );
}

function Permissions() {
  const account = useAccount();
  const sentence = usePermissionSentence();
  return (
    <Table>
      <Table.Tbody>
        {account.permissions.map((held) => (
          <Table.Tr key={held.permission}>
            <Table.Td>{sentence(held.permission)}</Table.Td>
            <Table.Td>
              {held.everywhere ? (
                <Trans>toàn hệ thống</Trans>
              ) : (
                held.units.map((code) => (
                  <div key={code}>
                    <UnitLink code={code} />
                  </div>
                ))
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Sessions() {
  const query = api.useQuery("get", "/api/v1/account/sessions", {});
  const { data } = query;
  const end = useMutation({
    mutationFn: async (ids: number[]) => {
      for (const id of ids) {
        const params = { path: { id } };
        const { error } = await http.POST("/api/v1/account/sessions/{id}:end", { params });
        if (error) throw error;
      }
    },
    onSettled: () => query.refetch(),
  });
  if (!data) return <Pending query={query} count={2} height={56} />;
  const others = data.items.filter((session) => !session.is_current);
  return (
    <Stack gap="sm">
      {end.error && <Failure error={end.error} />}
      {data.items.map((session) => (
        <Group key={session.id} justify="space-between" wrap="nowrap" align="flex-start">
          <div className="wrap-anywhere">
            <Text size="sm">{session.client ?? "–"}</Text>
            <Text size="xs" c="dimmed">
              {session.address} · <Trans>dùng lần cuối {formatInstant(session.used_at)}</Trans>
            </Text>
          </div>
          {session.is_current ? (
            <Badge tt="none" variant="default" style={{ flex: "none" }}>
              <Trans>Phiên này</Trans>
            </Badge>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              style={{ flex: "none" }}
              loading={end.isPending}
              onClick={() => end.mutate([session.id])}
            >
              <Trans>Kết thúc</Trans>
            </Button>
          )}
        </Group>
      ))}
      {others.length > 0 && (
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          loading={end.isPending}
          onClick={() => end.mutate(others.map((session) => session.id))}
        >
          <Trans>Kết thúc mọi phiên khác</Trans>
        </Button>
      )}
    </Stack>
  );
}
