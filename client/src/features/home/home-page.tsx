/** What waits for me, what is late, what came back, and the latest of my units. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { api, type Schemas } from "@/api/client";
import { useAccount, useHolds } from "@/components/account";
import { Empty } from "@/components/empty";
import { ButtonLink, TextLink } from "@/components/link";
import { Page, Pending } from "@/components/page";
import { LATE, useInbox } from "@/components/record/use-inbox";
import { StateBadge } from "@/components/state-badge";
import { UnitLink, UnitName } from "@/components/unit-link";
import { daysSince } from "@/lib/format";
import { formatPeriod } from "@/lib/period";

export default function HomePage() {
  const { t } = useLingui();
  const account = useAccount();
  const reads = useHolds("records:read");
  const records = useHolds("activities:record");
  const approves = useHolds("activities:approve");
  const name = account.display_name ?? account.name;
  return (
    <Page
      title={t`Xin chào, ${name}`}
      actions={
        records && (
          <ButtonLink to="/activities/new" leftSection={<Plus aria-hidden size={16} />}>
            <Trans>Ghi hoạt động</Trans>
          </ButtonLink>
        )
      }
    >
      {account.unit && (
        <Text>
          <Trans>
            Đơn vị của bạn: <UnitLink code={account.unit} />
          </Trans>
        </Text>
      )}
      {account.permissions.length === 0 && (
        <Empty title={<Trans>Tài khoản của bạn chưa được giao vai trò nào</Trans>}>
          <Trans>Hãy liên hệ người quản lý tài khoản của đơn vị bạn.</Trans>
        </Empty>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {approves && <Waiting />}
        {records && <Activities title={<Trans>Bị trả lại, cần sửa</Trans>} state="returned" />}
        {records && <Activities title={<Trans>Nháp chưa gửi</Trans>} state="draft" />}
        {reads && <Activities title={<Trans>Mới nhất ở các đơn vị của tôi</Trans>} />}
      </SimpleGrid>
    </Page>
  );
}

function Card({
  title,
  children,
  more,
}: {
  title: ReactNode;
  children: ReactNode;
  more?: ReactNode;
}) {
  return (
    <Paper component="section" withBorder p="md" mih={180}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {more}
      </Group>
      {children}
    </Paper>
  );
}

function Waiting() {
  const { pages, items } = useInbox();
  const { data } = pages;
  const late = items.filter((item) => item.submitted_at && daysSince(item.submitted_at) >= LATE);
  const count = items.length;
  return (
    <Card
      title={<Trans>Chờ tôi duyệt</Trans>}
      more={
        count > 0 && (
          <ButtonLink to="/inbox" size="compact-md">
            <Trans>Mở</Trans>
          </ButtonLink>
        )
      }
    >
      {!data && <Pending query={pages} count={3} height={36} />}
      {data && (
        <Stack gap={6}>
          <Text>
            {count === 0 ? (
              <Trans>Không có gì chờ bạn.</Trans>
            ) : pages.hasNextPage ? (
              <Trans>Hơn {count} mục đang chờ.</Trans>
            ) : (
              <Trans>{count} mục đang chờ.</Trans>
            )}
          </Text>
          {late.length > 0 && (
            <Text c="var(--mantine-color-error)" fw={600}>
              <Trans>
                {late.length} mục đã chờ từ {LATE} ngày trở lên.
              </Trans>
            </Text>
          )}
          {items.slice(0, 4).map((item) => (
            <TextLink
              key={item.id}
              to="/inbox"
              search={{ open: item.id }}
              className="wrap-anywhere"
            >
              {item.title}
            </TextLink>
          ))}
        </Stack>
      )}
    </Card>
  );
}

function Activities({ title, state }: { title: ReactNode; state?: Schemas["Head"]["state"] }) {
  const query = api.useQuery("get", "/api/v1/activities", {
    params: { query: { state, limit: 5 } },
  });
  const { data } = query;
  return (
    <Card
      title={title}
      more={
        <TextLink to="/activities" search={{ state }}>
          <Trans>Tất cả</Trans>
        </TextLink>
      }
    >
      {!data && <Pending query={query} count={3} height={36} />}
      {data?.items.length === 0 && (
        <Text c="dimmed">
          <Trans>Không có.</Trans>
        </Text>
      )}
      <Stack gap="xs">
        {data?.items.map((item) => (
          <Group key={item.id} justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
            <div className="wrap-anywhere">
              <TextLink to="/activities/$id" params={{ id: String(item.id) }}>
                {item.content.title}
              </TextLink>
              <Text size="xs" c="dimmed">
                <UnitName code={item.content.unit} /> · {formatPeriod(item.content.period)}
              </Text>
            </div>
            {!state && <StateBadge state={item.state} />}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
