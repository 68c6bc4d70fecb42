import { useLingui } from "@lingui/react/macro";
import { Box } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { Page } from "@/components/page";
import ActivityView from "@/components/record/activity-view";

export default function ActivityPage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/activities/$id" });
  return (
    <Page title={t`Hoạt động số ${id}`}>
      <Box maw={900}>
        <ActivityView id={Number(id)} />
      </Box>
    </Page>
  );
}
