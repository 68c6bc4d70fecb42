import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, SimpleGrid } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { DayInput } from "@/components/day-input";
import { useActivityKinds } from "@/components/names";
import { STATUSES } from "@/components/state-badge";
import { UnitPicker } from "@/components/unit-picker";
import type { ActivitiesSearch } from "./search";
import { WordsField } from "./words-field";

type Props = { search: ActivitiesSearch; onChange: (change: Partial<ActivitiesSearch>) => void };

export function Filters({ search, onChange }: Props) {
  const { t, i18n } = useLingui();
  const { kinds } = useActivityKinds();
  const isNarrowed = Boolean(search.kind || search.status || search.from || search.to);
  const [showsMore, more] = useDisclosure(isNarrowed);
  const options = <T extends string>(labels: [T, MessageDescriptor][]) =>
    labels.map(([value, label]) => ({ value, label: i18n._(label) }));
  return (
    <div className="no-print">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <WordsField value={search.q ?? ""} onChange={(q) => onChange({ q: q || undefined })} />
        <UnitPicker
          label={t`Thuộc đơn vị`}
          value={search.unit ?? ""}
          onChange={(unit) => onChange({ unit: unit || undefined })}
        />
        {search.unit ? (
          <Select
            label={t`Theo tổ chức`}
            allowDeselect={false}
            data={[
              { value: "now", label: t`hôm nay` },
              { value: "then", label: t`khi hoạt động diễn ra` },
            ]}
            value={search.tree ?? "now"}
            onChange={(tree) => onChange({ tree: tree as "then" | "now" })}
          />
        ) : null}
      </SimpleGrid>
      <Button
        variant="subtle"
        size="compact-md"
        mt="xs"
        px={4}
        onClick={more.toggle}
        aria-expanded={showsMore}
      >
        {showsMore ? <Trans>Bớt bộ lọc</Trans> : <Trans>Thêm bộ lọc</Trans>}
      </Button>
      {showsMore && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm" pt="xs">
          <Select
            label={t`Loại`}
            placeholder={t`Tất cả`}
            clearable
            searchable
            nothingFoundMessage={t`Không tìm thấy`}
            data={kinds.map((kind) => ({ value: kind.code, label: kind.label }))}
            value={search.kind ?? null}
            onChange={(kind) => onChange({ kind: kind ?? undefined })}
          />
          <Select
            label={t`Tình hình`}
            placeholder={t`Tất cả`}
            clearable
            data={options(Object.entries(STATUSES))}
            value={search.status ?? null}
            onChange={(status) =>
              onChange({ status: (status ?? undefined) as ActivitiesSearch["status"] })
            }
          />
          <DayInput
            label={t`Từ ngày`}
            value={search.from ?? ""}
            onChange={(from) => onChange({ from: from || undefined })}
            clearable
          />
          <DayInput
            label={t`Trước ngày`}
            value={search.to ?? ""}
            onChange={(to) => onChange({ to: to || undefined })}
            clearable
          />
        </SimpleGrid>
      )}
    </div>
  );
}
