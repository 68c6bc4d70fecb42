import { useLingui } from "@lingui/react/macro";
import { useSearch } from "@tanstack/react-router";
import { useAccount } from "@/components/account";
import { beginning, valuesOf } from "@/components/fields/values";
import { Page, Pending } from "@/components/page";
import type { Kind } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { useRecord } from "@/components/record/requests";
import { RecordForm } from "./record-form";
import { useKind } from "./use-kind";

export default function NewPage() {
  const { t, i18n } = useLingui();
  const kind = useKind();
  const { unit, copy } = useSearch({ from: pagesOf(kind).add });
  const account = useAccount();
  const add = i18n._(kind.words.add);
  const initial = { ...beginning(kind.fields), unit: unit ?? account.unit ?? "" };
  return (
    <Page title={copy ? t`${add}, chép từ bản trước` : add}>
      {copy ? (
        <Copy key={copy} kind={kind} id={copy} />
      ) : (
        <RecordForm key={kind.name} kind={kind} initial={initial} />
      )}
    </Page>
  );
}

/** The day is the one thing that is never the same. */
function Copy({ kind, id }: { kind: Kind; id: number }) {
  const query = useRecord(kind, id);
  const { data } = query;
  if (!data) return <Pending query={query} />;
  const initial = { ...valuesOf(kind.fields, data.content), period: "" };
  return <RecordForm kind={kind} initial={initial} begun={`copy/${id}`} />;
}
