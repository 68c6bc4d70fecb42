import { useLingui } from "@lingui/react/macro";
import { Box } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { Page } from "@/components/page";
import { pagesOf } from "@/components/record/pages";
import RecordView from "@/components/record/record-view";
import { useKind } from "./use-kind";

export default function RecordPage() {
  const { t, i18n } = useLingui();
  const kind = useKind();
  const { id } = useParams({ from: pagesOf(kind).one });
  const one = i18n._(kind.words.one);
  return (
    <Page title={t`${one} số ${id}`}>
      <Box maw={900}>
        <RecordView kind={kind} id={Number(id)} />
      </Box>
    </Page>
  );
}
