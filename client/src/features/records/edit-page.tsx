import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Empty } from "@/components/empty";
import { valuesOf } from "@/components/fields/values";
import { Page, Pending } from "@/components/page";
import type { AnyRecord, Kind } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { useRecord } from "@/components/record/requests";
import { RecordForm } from "./record-form";
import { useKind } from "./use-kind";

export default function EditPage() {
  const { t, i18n } = useLingui();
  const kind = useKind();
  const { id } = useParams({ from: pagesOf(kind).edit });
  const query = useRecord(kind, Number(id));
  const one = i18n._(kind.words.one).toLowerCase();
  return (
    <Page title={t`Sửa ${one}`}>
      {query.data ? <Form key={id} kind={kind} latest={query.data} /> : <Pending query={query} />}
    </Page>
  );
}

/** Begins with what was read first: what others change meanwhile must not overwrite what is typed. */
function Form({ kind, latest }: { kind: Kind; latest: AnyRecord }) {
  const [record] = useState(latest);
  if (!record.allowed_actions.includes("edit")) {
    return (
      <Empty title={<Trans>Mục này không sửa được lúc này</Trans>}>
        <Trans>Chỉ sửa được bản nháp và bản bị trả lại. Bản đã duyệt thì đính chính.</Trans>
      </Empty>
    );
  }
  const initial = valuesOf(kind.fields, record.content);
  return <RecordForm kind={kind} record={record} initial={initial} />;
}
