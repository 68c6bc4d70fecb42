import { useLingui } from "@lingui/react/macro";
import { useSearch } from "@tanstack/react-router";
import { useAccount } from "@/components/account";
import { Failure } from "@/components/failure";
import { Page, Rows } from "@/components/page";
import { useActivity } from "@/components/record/use-activity";
import { ActivityForm } from "./activity-form";
import { EMPTY, valuesOf } from "./form-values";

export default function NewPage() {
  const { t } = useLingui();
  const { unit, copy } = useSearch({ from: "/activities/new" });
  const account = useAccount();
  return (
    <Page title={copy ? t`Ghi hoạt động, chép từ hoạt động trước` : t`Ghi hoạt động`}>
      {copy ? (
        <Copy key={copy} id={copy} />
      ) : (
        <ActivityForm initial={{ ...EMPTY, unit: unit ?? account.unit ?? "" }} />
      )}
    </Page>
  );
}

/** The day is the one thing that is never the same. */
function Copy({ id }: { id: number }) {
  const { data, error } = useActivity(id);
  if (error) return <Failure error={error} />;
  if (!data) return <Rows />;
  return <ActivityForm initial={{ ...valuesOf(data.content), period: "" }} begun={`copy/${id}`} />;
}
