import { useLingui } from "@lingui/react/macro";
import { useSearch } from "@tanstack/react-router";
import { useAccount } from "@/components/account";
import { Page, Pending } from "@/components/page";
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
  const query = useActivity(id);
  const { data } = query;
  if (!data) return <Pending query={query} />;
  return <ActivityForm initial={{ ...valuesOf(data.content), period: "" }} begun={`copy/${id}`} />;
}
