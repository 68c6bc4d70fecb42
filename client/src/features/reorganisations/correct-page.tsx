/** Another content for a decision that was recorded wrongly. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { Empty } from "@/components/empty";
import { Page, Pending } from "@/components/page";
import { DecisionForm } from "./decision-form";
import { isCorrectable } from "./states";
import { type Decision, NO_PAPER } from "./use-decision";

export default function CorrectPage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/reorganisations/$id/edit" });
  const params = { path: { id: Number(id) } };
  const query = api.useQuery("get", "/api/v1/reorganisations/{id}", { params });
  return (
    <Page title={t`Sửa quyết định sắp xếp số ${id}`}>
      {query.data ? <Form key={id} latest={query.data} /> : <Pending query={query} />}
    </Page>
  );
}

/** Begins with what was read first: what others change meanwhile must not overwrite what is typed. */
function Form({ latest }: { latest: Decision }) {
  const [decision] = useState(latest);
  const { document: paper, effective_on: day, lines } = decision;
  if (!isCorrectable(decision) || day === null || day === undefined) {
    return <Empty title={<Trans>Quyết định này không sửa được ở đây</Trans>} />;
  }
  const known = {
    number: paper?.number ?? "",
    title: paper?.title ?? "",
    issuer: paper?.issuer ?? "",
    date: paper?.date ?? "",
  };
  const initial = {
    paper: paper ? known : NO_PAPER,
    documentId: decision.document_id,
    day,
    lines,
  };
  return <DecisionForm begun={String(decision.id)} initial={initial} corrected={decision} />;
}
