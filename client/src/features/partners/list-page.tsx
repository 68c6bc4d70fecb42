/** Bodies outside the union, by the beginnings of the words of their names. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Select, SimpleGrid, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { api, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import { useHolds } from "@/components/account";
import { ButtonLink, TextLink } from "@/components/link";
import { Page } from "@/components/page";
import { PagedTable } from "@/components/paged";
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
      <PagedTable
        pages={pages}
        isFiltered={Boolean(search.name || search.kind)}
        hint={<Trans>Thử một phần của tên, hoặc tên viết tắt.</Trans>}
        label={t`Đối tác`}
        keyOf={(partner) => partner.id}
        columns={[
          { label: t`Tên`, show: (partner) => <Name partner={partner} />, isLong: true },
          { label: t`Loại`, show: ({ kind }) => i18n._(KINDS[kind]), isWide: true },
          {
            label: t`Đơn vị giữ mục này`,
            show: ({ unit }) => (unit ? <UnitName code={unit} /> : <Trans>toàn hệ thống</Trans>),
            isWide: true,
          },
        ]}
      />
    </Page>
  );
}

function Name({ partner }: { partner: Schemas["Partner"] }) {
  return (
    <>
      <TextLink to="/partners/$id" params={{ id: String(partner.id) }}>
        {partner.name}
      </TextLink>
      {partner.aliases.length > 0 && (
        <Text size="xs" c="dimmed">
          {partner.aliases.join(" · ")}
        </Text>
      )}
    </>
  );
}
