/** What happens to a decision before it is recorded: kept as a draft, looked at, committed. */
import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { http, ifMatch, type Schemas } from "@/api/client";
import { useAccount } from "@/components/account";
import { draftKey } from "@/lib/drafts";
import { notice } from "@/lib/notice";
import { useDraft } from "@/lib/use-draft";
import { useValues } from "@/lib/use-values";
import type { Line } from "./states";

export type Decision = Schemas["Reorganisation"];
type Content = Schemas["ReorganisationContent"];
type Looked = { preview: Schemas["Preview"]; content: Content };

export type Values = {
  paper: { number: string; title: string; issuer: string; date: string };
  /** The paper once it is recorded: a decision that is looked at again rests on the same one. */
  documentId: number | null;
  day: string;
  lines: Line[];
};

export const NO_PAPER = { number: "", title: "", issuer: "", date: "" };

async function recordPaper({ number, title, issuer, date }: Values["paper"]): Promise<number> {
  const body = {
    number: number.trim() || null,
    title: title.trim() || null,
    issuer: issuer.trim() || null,
    date: date || null,
  };
  const { data, error } = await http.POST("/api/v1/documents", { body });
  if (error) throw error;
  return data.id;
}

/** `corrected` is the decision that gets another content; `begun` names the draft. */
export function useDecision(begun: string, initial: Values, corrected?: Decision) {
  const { t } = useLingui();
  const account = useAccount();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useValues(initial);
  const [version, setVersion] = useState(corrected?.version ?? null);
  const [looked, setLooked] = useState<Looked>();
  const { values, set } = form;
  const draft = useDraft<Values>({
    key: draftKey(account.id, `reorganisation/${begun}`),
    values,
    version,
    isDirty: form.isDirty,
    onFound: (draft) => {
      form.setValues(draft.values);
      // A correction rests on what was read then: where others changed it since, it is refused.
      setVersion(draft.version);
    },
  });

  /** Asks for the preview, or with its fingerprint for the change itself. */
  const send = async (body: Content, query: { dry_run: true } | { fingerprint: string }) => {
    if (!corrected || version === null)
      return await http.POST("/api/v1/reorganisations", { params: { query }, body });
    const path = { id: corrected.id };
    const params = { path, header: ifMatch(version), query };
    return await http.PUT("/api/v1/reorganisations/{id}", { params, body });
  };
  const look = useMutation({
    mutationFn: async () => {
      const documentId = values.documentId ?? (await recordPaper(values.paper));
      set("documentId", documentId);
      const content: Content = {
        document_id: documentId,
        effective_on: values.day,
        // The document says of it, beside its values, that it is an object.
        effective_precision: corrected?.effective_precision as Content["effective_precision"],
        note: corrected?.note,
        lines: values.lines,
      };
      const { data, error } = await send(content, { dry_run: true });
      if (error) throw error;
      setLooked({ preview: data as Schemas["Preview"], content });
    },
  });
  const commit = useMutation({
    mutationFn: async ({ preview, content }: Looked) => {
      const { data, error } = await send(content, { fingerprint: preview.fingerprint });
      if (error) throw error;
      return data as Decision;
    },
    onSuccess: async ({ id }) => {
      await draft.drop();
      void notice(corrected ? t`Đã sửa quyết định` : t`Đã ghi quyết định`);
      await queries.invalidateQueries();
      const params = { id: String(id) };
      await navigate({ to: "/reorganisations/$id", params, ignoreBlocker: true });
    },
  });
  const discard = async () => {
    form.setValues(form.saved);
    await draft.drop();
  };

  return { form, draft, look, looked, back: () => setLooked(undefined), commit, discard };
}
