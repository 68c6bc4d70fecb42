/** Bodies outside the union, by the beginnings of the words of their names. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Select, SimpleGrid, Table, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { api } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { useHolds } from "@/components/account";
import { Empty } from "@/components/empty";
import { ButtonLink, TextLink } from "@/components/link";
import { More } from "@/components/more";
import { Page, Pending } from "@/components/page";
import { UnitName } from "@/components/unit-link";
import { WordsField } from "@/components/words-field";
import { KINDS } from "./fields";

export default function ListPage() {
  const { t, i18n } = useLingui();
  const search = useSearch({ from: "/partners" });
  const navigate = useNavigate({ from: "/partners" });
  const mayEdit = useHolds("partners:edit");
  const options = { ...byCursor, placeholderData: keepPreviousData };
  const params = { query: { ...search, as_of: undefined, limit: 50 } };
  const pages = api.useInfiniteQuery("get", "/api/v1/partners", { params }, options);
  const items = allItems(pages.data);
  const narrow = (change: Partial<typeof search>) =>
    navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <Page
      title={t`Đối tác`}
      actions={
        mayEdit && (
          <ButtonLink to="/partners/new" leftSection={<Plus aria-hidden size={16} />}>
            <Trans>Thêm đối tác</Trans>
          </ButtonLink>
        )
      }
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" className="no-print">
        <WordsField
          label={t`Từ ngữ trong tên`}
          value={search.name ?? ""}
          onChange={(name) => narrow({ name: name || undefined })}
        />
        <Select
          label={t`Loại`}
          placeholder={t`Tất cả`}
          clearable
          data={Object.entries(KINDS).map(([value, label]) => ({ value, label: i18n._(label) }))}
          value={search.kind ?? null}
          onChange={(kind) => narrow({ kind: (kind ?? undefined) as typeof search.kind })}
        />
      </SimpleGrid>
      {!pages.data && <Pending query={pages} count={10} />}
      {pages.data && items.length === 0 && (
        <Empty
          title={
            search.name || search.kind ? (
              <Trans>Không có mục nào khớp bộ lọc</Trans>
            ) : (
              <Trans>Chưa có mục nào</Trans>
            )
          }
        >
          <Trans>Thử một phần của tên, hoặc tên viết tắt.</Trans>
        </Empty>
      )}
      {items.length > 0 && (
        <Table aria-label={t`Đối tác`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`Tên`}</Table.Th>
              <Table.Th visibleFrom="sm">{t`Loại`}</Table.Th>
              <Table.Th visibleFrom="sm">{t`Đơn vị giữ mục này`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((partner) => (
              <Table.Tr key={partner.id}>
                <Table.Td className="wrap-anywhere">
                  <TextLink to="/partners/$id" params={{ id: String(partner.id) }}>
                    {partner.name}
                  </TextLink>
                  {partner.aliases.length > 0 && (
                    <Text size="xs" c="dimmed">
                      {partner.aliases.join(" · ")}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td visibleFrom="sm">{i18n._(KINDS[partner.kind])}</Table.Td>
                <Table.Td visibleFrom="sm">
                  {partner.unit ? <UnitName code={partner.unit} /> : <Trans>toàn hệ thống</Trans>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <More pages={pages} />
    </Page>
  );
}
