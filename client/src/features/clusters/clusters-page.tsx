/** Emulation clusters and blocks of a year, each with its head and members. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Group, List, NativeSelect, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import { Page } from "@/components/page";
import { PagedList } from "@/components/paged";
import { UnitLink } from "@/components/unit-link";
import { formatDay, lastDay, today } from "@/lib/format";

/** The first year of which clusters are known anywhere. */
const FIRST_YEAR = 2016;

export default function ClustersPage() {
  const { t } = useLingui();
  const thisYear = Number(today().slice(0, 4));
  const { year = thisYear } = useSearch({ from: "/clusters" });
  const navigate = useNavigate({ from: "/clusters" });
  // Peers of a year are compared over it: the middle of it meets them.
  const as_of = year === thisYear ? today() : `${year}-06-30`;
  const query = { as_of, limit: 50 };
  const pages = api.useInfiniteQuery("get", "/api/v1/clusters", { params: { query } }, byCursor);
  const years = Array.from({ length: thisYear + 2 - FIRST_YEAR }, (_, at) => thisYear + 1 - at);
  return (
    <Page
      title={t`Cụm, khối thi đua`}
      actions={
        <NativeSelect
          aria-label={t`Năm`}
          data={years.map(String)}
          value={String(year)}
          onChange={(event) =>
            navigate({
              search: (old) => ({ ...old, year: Number(event.currentTarget.value) }),
              replace: true,
            })
          }
        />
      }
    >
      <PagedList
        pages={pages}
        nothing={<Trans>Không có cụm, khối nào vào ngày {formatDay(as_of)}</Trans>}
        hint={<Trans>Hãy chọn năm khác.</Trans>}
      >
        {(items) => (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {items.map((cluster) => (
              <ClusterCard key={cluster.id} cluster={cluster} />
            ))}
          </SimpleGrid>
        )}
      </PagedList>
    </Page>
  );
}

function ClusterCard({ cluster }: { cluster: Schemas["Cluster"] }) {
  const { t } = useLingui();
  const isHead = (unit: string) => cluster.heads.some((head) => head.unit === unit);
  const isPart = (member: Schemas["ClusterStretch"]) =>
    member.from !== cluster.from || member.to !== cluster.to;
  return (
    <Paper component="section" withBorder p="md">
      <Title order={2} size="h4">
        {cluster.name}
      </Title>
      <Text size="sm" c="dimmed" component="div" mb="xs">
        {cluster.kind === "emulation_block" ? t`Khối thi đua` : t`Cụm thi đua`} ·{" "}
        <UnitLink code={cluster.owner} /> · {formatDay(cluster.from)} –{" "}
        {formatDay(lastDay(cluster.to))}
      </Text>
      <List spacing={4} size="sm">
        {cluster.members.map((member) => (
          <List.Item key={`${member.unit} ${member.from}`}>
            <Group gap="xs">
              <UnitLink code={member.unit} />
              {isHead(member.unit) && (
                <Badge tt="none" variant="default">
                  <Trans>Trưởng</Trans>
                </Badge>
              )}
              {isPart(member) && (
                <Text span size="xs" c="dimmed">
                  {formatDay(member.from)} – {formatDay(lastDay(member.to))}
                </Text>
              )}
            </Group>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
