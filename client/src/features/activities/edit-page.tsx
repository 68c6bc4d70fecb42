import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Activity } from "@/components/activity-table";
import { Empty } from "@/components/empty";
import { Page, Pending } from "@/components/page";
import { useActivity } from "@/components/record/use-activity";
import { ActivityForm } from "./activity-form";
import { valuesOf } from "./form-values";

export default function EditPage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/activities/$id/edit" });
  const query = useActivity(Number(id));
  return (
    <Page title={t`Sửa hoạt động`}>
      {query.data ? <Form key={id} latest={query.data} /> : <Pending query={query} />}
    </Page>
  );
}

/** Begins with what was read first: what others change meanwhile must not overwrite what is typed. */
function Form({ latest }: { latest: Activity }) {
  const [activity] = useState(latest);
  if (!activity.allowed_actions.includes("edit")) {
    return (
      <Empty title={<Trans>Hoạt động này không sửa được lúc này</Trans>}>
        <Trans>Chỉ sửa được bản nháp và bản bị trả lại. Bản đã duyệt thì đính chính.</Trans>
      </Empty>
    );
  }
  return <ActivityForm activity={activity} initial={valuesOf(activity.content)} />;
}
