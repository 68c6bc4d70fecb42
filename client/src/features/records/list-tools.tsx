/** What can be done with the list as it stands: its columns, and a file of it. */
import { Trans } from "@lingui/react/macro";
import { Button, Group } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Kind } from "@/components/record/kind";
import type { useColumns } from "./columns";
import type { RecordsSearch } from "./search";

const ColumnsDialog = lazy(() => import("./columns-dialog"));
const ExportDialog = lazy(() => import("./export-dialog"));

type Props = {
  kind: Kind;
  search: RecordsSearch;
  isFiltered: boolean;
  columns: ReturnType<typeof useColumns>;
};

export function ListTools({ kind, search, isFiltered, columns }: Props) {
  const [open, setOpen] = useState<"columns" | "export">();
  const close = () => setOpen(undefined);
  return (
    <Group gap="xs" justify="flex-end" className="no-print">
      <Button
        variant="subtle"
        size="compact-sm"
        visibleFrom="sm"
        onClick={() => setOpen("columns")}
      >
        <Trans>Chọn cột</Trans>
      </Button>
      <Button variant="subtle" size="compact-sm" onClick={() => setOpen("export")}>
        <Trans>Xuất CSV</Trans>
      </Button>
      <Suspense>
        {open === "columns" && <ColumnsDialog kind={kind} chosen={columns} onClose={close} />}
        {open === "export" && (
          <ExportDialog kind={kind} search={search} isFiltered={isFiltered} onClose={close} />
        )}
      </Suspense>
    </Group>
  );
}
