import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, SimpleGrid } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { Rows } from "@/components/page";
import type { Kind } from "@/components/record/kind";
import { UnitPicker } from "@/components/unit-picker";
import { WordsField } from "@/components/words-field";
import type { RecordsSearch } from "./search";

const MoreFilters = lazy(() => import("./more-filters"));

export type FiltersProps = {
  kind: Kind;
  search: RecordsSearch;
  onChange: (change: Partial<RecordsSearch>) => void;
};

export default function Filters({ kind, search, onChange }: FiltersProps) {
  const { t } = useLingui();
  const further = ["from", "to", ...Object.keys(kind.filters)];
  const isNarrowed = further.some((name) => search[name] !== undefined);
  const [showsMore, more] = useDisclosure(isNarrowed);
  return (
    <div className="no-print">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <WordsField
          label={t`Từ ngữ trong tên và nội dung`}
          value={search.q ?? ""}
          onChange={(q) => onChange({ q: q || undefined })}
        />
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
              { value: "then", label: t`khi đó` },
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
        <Suspense fallback={<Rows count={1} height={60} />}>
          <MoreFilters kind={kind} search={search} onChange={onChange} />
        </Suspense>
      )}
    </div>
  );
}
