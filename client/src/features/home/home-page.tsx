/** What waits for me, what is late, what came back, and the latest of my units. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { holds, useAccount, useHolds } from "@/components/account";
import { Empty } from "@/components/empty";
import { ButtonLink, TextLink } from "@/components/link";
import { Page, Pending } from "@/components/page";
import { type NamedKind, toApprove, toRecord } from "@/components/record/kind";
import { NAMED_KINDS } from "@/components/record/kinds/named";
import { type Among, useLatest } from "@/components/record/latest";
import { pagesOf } from "@/components/record/pages";
import { LATE, useInbox } from "@/components/record/use-inbox";
import { StateBadge } from "@/components/state-badge";
import { UnitLink, UnitName } from "@/components/unit-link";
import { daysSince } from "@/lib/format";
import { formatPeriod } from "@/lib/period";

export default function HomePage() {
  const { t, i18n } = useLingui();
  const account = useAccount();
  const reads = useHolds("records:read");
  const recorded = NAMED_KINDS.filter((kind) => holds(account, toRecord(kind)));
  const approves = NAMED_KINDS.some((kind) => holds(account, toApprove(kind)));
  const [first] = recorded;
  const name = account.display_name ?? account.name;
  return (
    <Page
      title={t`Xin chào, ${name}`}
      actions={
        first && (
          <ButtonLink to={pagesOf(first).add} leftSection={<Plus aria-hidden size={16} />}>
            {i18n._(first.words.add)}
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
        {first && (
          <Latest title={<Trans>Bị trả lại, cần sửa</Trans>} kinds={recorded} state="returned" />
        )}
        {first && <Latest title={<Trans>Nháp chưa gửi</Trans>} kinds={recorded} state="draft" />}
        {reads && (
          <Latest
            title={<Trans>Mới nhất ở các đơn vị của tôi</Trans>}
            kinds={NAMED_KINDS}
            // Campaigns of others are read by everybody.
            unit={account.unit ?? undefined}
          />
        )}
      </SimpleGrid>
    </Page>
  );
}

/** How many of the latest are shown. */
const SHOWN = 5;

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

type LatestProps = Among & { title: ReactNode; kinds: NamedKind[] };

function Latest({ title, kinds, ...among }: LatestProps) {
  const { i18n } = useLingui();
  const query = useLatest(kinds, among, SHOWN);
  const { items } = query;
  const shown = kinds.filter((kind) => items?.some((item) => item.kind === kind));
  return (
    <Card title={title}>
      {!items && <Pending query={query} count={3} height={36} />}
      {items?.length === 0 && (
        <Text c="dimmed">
          <Trans>Không có.</Trans>
        </Text>
      )}
      <Stack gap="xs">
        {items?.map(({ kind, record }) => (
          <Group key={record.id} justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
            <div className="wrap-anywhere">
              <TextLink to={pagesOf(kind).one} params={{ id: String(record.id) }}>
                {record.content.title}
              </TextLink>
              <Text size="xs" c="dimmed">
                {i18n._(kind.words.one)} · <UnitName code={record.content.unit} /> ·{" "}
                {formatPeriod(record.content.period)}
              </Text>
            </div>
            {!among.state && <StateBadge state={record.state} />}
          </Group>
        ))}
      </Stack>
      {shown.length > 0 && (
        <Group gap="md" mt="sm">
          <Text size="sm" c="dimmed">
            <Trans>Tất cả:</Trans>
          </Text>
          {shown.map((kind) => (
            <TextLink key={kind.list} to={pagesOf(kind).list} search={among}>
              {i18n._(kind.words.many)}
            </TextLink>
          ))}
        </Group>
      )}
    </Card>
  );
}
