/** What happens to a form of an activity: kept as a draft, saved, sent up, in conflict with another's change. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { http, ifMatch } from "@/api/client";
import { codeOf, formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import type { Activity } from "@/components/activity-table";
import { isOfRecords } from "@/components/record/steps";
import { draftKey } from "@/lib/drafts";
import { notice } from "@/lib/notice";
import { useDraft } from "@/lib/use-draft";
import { useValues } from "@/lib/use-values";
import { type Content, contentOf, patchBetween, type Values, valuesOf } from "./form-values";

/** `begun` names the draft of what is not recorded yet. */
export function useActivityForm(activity: Activity | undefined, initial: Values, begun = "new") {
  const { t } = useLingui();
  const account = useAccount();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useValues(initial);
  const [base, setBase] = useState(activity);
  const [conflict, setConflict] = useState<Activity>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const { values } = form;
  const draft = useDraft<Values>({
    key: draftKey(account.id, `activity/${base?.id ?? begun}`),
    values,
    version: base?.version ?? null,
    isDirty: form.isDirty,
    onFound: ({ values, version }) => {
      form.setValues(values);
      // It rests on what was read then: where others changed it since, saving is refused and both are shown.
      if (version !== null) setBase((read) => read && { ...read, version });
    },
  });

  const send = async (content: Content, on: Activity | undefined) => {
    if (!on) return await http.POST("/api/v1/activities", { body: content });
    const params = { path: { id: on.id }, header: ifMatch(on.version) };
    const body = patchBetween(on.content, content);
    return await http.PATCH("/api/v1/activities/{id}", { params, body });
  };

  /** Somebody else changed it: what it has become is laid beside what was typed. */
  const compare = async (id: number) => {
    const latest = await http.GET("/api/v1/activities/{id}", { params: { path: { id } } });
    if (latest.data) setConflict(latest.data);
    else setError(latest.error);
  };

  /** Answers what was saved; nothing where it was refused. */
  const save = async (values: Values, on = base): Promise<Activity | undefined> => {
    const { data, error } = await send(contentOf(values), on);
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

  const leave = async (saved: Activity, message: string) => {
    void notice(message);
    await queries.invalidateQueries({ predicate: isOfRecords });
    const params = { id: String(saved.id) };
    await navigate({ to: "/activities/$id", params, ignoreBlocker: true });
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
    const missing = {
      ...(values.unit ? {} : { unit: t`Hãy chọn đơn vị` }),
      ...(values.kind ? {} : { kind: t`Hãy chọn loại hoạt động` }),
      ...(values.title.trim() ? {} : { title: t`Hãy nhập tên hoạt động` }),
      ...(values.period ? {} : { period: t`Hãy nhập thời gian` }),
    };
    form.setErrors(missing);
    if (Object.keys(missing).length > 0) return;
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

  const resolve = async (chosen: Content) => {
    if (!conflict) return;
    const values = valuesOf(chosen);
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
