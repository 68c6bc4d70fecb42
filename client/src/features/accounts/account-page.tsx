/** One account: its state, what it was given, and what that lets it do where. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { api } from "@/api/client";
import { Facts } from "@/components/facts";
import { Page, Pending, Section } from "@/components/page";
import { UnitLink } from "@/components/unit-link";
import { AccountActions } from "./account-actions";
import { AccountStateBadge } from "./account-state";
import { Grants } from "./grants";
import { EffectiveRights } from "./rights";

export default function AccountPage() {
  const { t } = useLingui();
  const id = Number(useParams({ from: "/accounts/$id" }).id);
  const query = api.useQuery("get", "/api/v1/accounts/{id}", {
    params: { path: { id } },
  });
  const { data } = query;
  if (!data) return <Pending query={query} />;
  return (
    <Page title={data.display_name ?? data.name}>
      <Stack key={id} maw={900} gap="lg">
        <Facts
          facts={[
            [t`Tên đăng nhập`, data.name],
            [t`Trạng thái`, <AccountStateBadge key="state" state={data.state} />],
            [t`Đơn vị`, data.unit && <UnitLink key="unit" code={data.unit} />],
            [t`Xác thực hai bước`, data.has_second_factor ? t`Đã bật` : t`Chưa bật`],
          ]}
        />
        <AccountActions account={data} />
        <Section title={<Trans>Vai trò được giao</Trans>}>
          <Grants account={id} />
        </Section>
        <Section title={<Trans>Người này được làm gì ở một đơn vị?</Trans>}>
          <EffectiveRights account={id} unit={data.unit ?? ""} />
        </Section>
      </Stack>
    </Page>
  );
}
