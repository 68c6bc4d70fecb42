/** What happens to the form of a record: kept as a draft, saved, sent up, in conflict with another's change. */
import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { http, ifMatch } from "@/api/client";
import { codeOf, formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import type { Values } from "@/components/fields/field";
import { contentOf, missing, patchBetween, valuesOf } from "@/components/fields/values";
import type { AnyRecord, Kind } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { changeRecord, createRecord, readRecord, useRefresh } from "@/components/record/requests";
import { draftKey } from "@/lib/drafts";
import { notice } from "@/lib/notice";
import { useDraft } from "@/lib/use-draft";
import { useValues } from "@/lib/use-values";

/** `begun` names the draft of what is not recorded yet. */
export function useRecordForm(
  kind: Kind,
  record: AnyRecord | undefined,
  initial: Values,
  begun = "new",
) {
  const { t } = useLingui();
  const account = useAccount();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const form = useValues(initial);
  const [base, setBase] = useState(record);
  const [conflict, setConflict] = useState<AnyRecord>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const { values } = form;
  const draft = useDraft<Values>({
    key: draftKey(account.id, `${kind.name}/${base?.id ?? begun}`),
    values,
    version: base?.version ?? null,
    isDirty: form.isDirty,
    onFound: ({ values, version }) => {
      form.setValues(values);
      // It rests on what was read then: where others changed it since, saving is refused and both are shown.
      if (version !== null) setBase((read) => read && { ...read, version });
    },
  });

  const send = (content: Values, on: AnyRecord | undefined) =>
    on ? changeRecord(kind, on, patchBetween(on.content, content)) : createRecord(kind, content);

  /** Somebody else changed it: what it has become is laid beside what was typed. */
  const compare = async (id: number) => {
    const latest = await readRecord(kind, id);
    if (latest.data) setConflict(latest.data);
    else setError(latest.error);
  };

  /** Answers what was saved; nothing where it was refused. */
  const save = async (values: Values, on = base): Promise<AnyRecord | undefined> => {
    const { data, error } = await send(contentOf(kind.fields, values), on);
    if (data) {
      // What is refused after this is refused for what is saved now.
      setBase(data);
      form.setSaved(values);
      await draft.drop();
      return data;
    }
    if (codeOf(error) === "version_outdated" && on) await compare(on.id);
    else {
      setError(error);
      form.setErrors(formErrors(error));
    }
  };

  const leave = async (saved: AnyRecord, message: string) => {
    void notice(message);
    await refresh();
    const params = { id: String(saved.id) };
    await navigate({ to: pagesOf(kind).one, params, ignoreBlocker: true });
  };

  /** Runs one change at a time, and tells of failures that were not expected. */
  const busily = async (change: () => Promise<void>) => {
    setIsBusy(true);
    setError(undefined);
    try {
      await change();
    } catch (error) {
      setError(error);
    } finally {
      setIsBusy(false);
    }
  };

  const submit = async (thenSend: boolean) => {
    const lacking = missing(kind.fields, values);
    form.setErrors(Object.fromEntries(lacking.map((name) => [name, t`Hãy điền chỗ này`])));
    if (lacking.length > 0) return;
    await busily(async () => {
      const saved = await save(values);
      if (!saved) return;
      if (!thenSend) return leave(saved, t`Đã lưu bản nháp`);
      const params = { path: { id: saved.id }, header: ifMatch(saved.version) };
      const { error } = await http.POST("/api/v1/records/{id}:submit", { params, body: {} });
      // It is saved: what was refused is only the way up.
      if (error) setError(error);
      else await leave(saved, t`Đã lưu và gửi lên cấp trên`);
    });
  };

  const resolve = async (chosen: Values) => {
    if (!conflict) return;
    const values = valuesOf(kind.fields, chosen);
    setConflict(undefined);
    form.setValues(values);
    await busily(async () => {
      const saved = await save(values, conflict);
      if (saved) await leave(saved, t`Đã lưu bản nháp`);
    });
  };

  const discard = async () => {
    form.setValues(form.saved);
    await draft.drop();
  };

  return {
    form,
    draft,
    base,
    conflict,
    error,
    isBusy,
    submit,
    resolve,
    dropConflict: () => setConflict(undefined),
    discard,
  };
}
