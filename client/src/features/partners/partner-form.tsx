/** A new partner, or another content for one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { http, ifMatch, type Schemas } from "@/api/client";
import { codeOf, formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import { Failure } from "@/components/failure";
import type { Values } from "@/components/fields/field";
import { FieldsGrid } from "@/components/fields/fields-grid";
import { contentOf, missing, patchBetween, valuesOf } from "@/components/fields/values";
import { LeaveGuard } from "@/components/leave-guard";
import { SaveBar } from "@/components/save-bar";
import { draftKey } from "@/lib/drafts";
import { useDraft } from "@/lib/use-draft";
import { useValues } from "@/lib/use-values";
import { FIELDS } from "./fields";

const ConflictDialog = lazy(() => import("@/components/fields/conflict-dialog"));

type Partner = Schemas["Partner"];

const change = ({ id, version }: Partner, patch: Values) =>
  http.PATCH("/api/v1/partners/{id}", {
    params: { path: { id }, header: ifMatch(version) },
    body: patch,
  });

type Props = {
  /** The one that is changed; without it, a new one. */
  partner?: Partner;
  initial: Values;
  onSaved: (saved: Partner) => Promise<unknown>;
  onClose?: () => void;
};

export function PartnerForm({ partner, initial, onSaved, onClose }: Props) {
  const { t } = useLingui();
  const account = useAccount();
  const queries = useQueryClient();
  const form = useValues(initial);
  // What was read first: what others change meanwhile must not be overwritten unseen.
  const [base, setBase] = useState(partner);
  const [conflict, setConflict] = useState<Partner>();
  const draft = useDraft<Values>({
    key: draftKey(account.id, `partner/${partner?.id ?? "new"}`),
    values: form.values,
    version: base?.version ?? null,
    isDirty: form.isDirty,
    onFound: ({ values, version }) => {
      form.setValues(values);
      if (version !== null) setBase((read) => read && { ...read, version });
    },
  });
  const save = useMutation({
    mutationFn: async ({ values, on }: { values: Values; on: Partner | undefined }) => {
      const content = contentOf(FIELDS, values);
      const { data, error } = on
        ? await change(on, patchBetween(on, content))
        : await http.POST("/api/v1/partners", { body: content as Schemas["PartnerContent"] });
      if (data) return data;
      if (!on || codeOf(error) !== "version_outdated") throw error;
      const latest = await http.GET("/api/v1/partners/{id}", { params: { path: { id: on.id } } });
      if (!latest.data) throw latest.error;
      setConflict(latest.data);
    },
    onError: (error) => form.setErrors(formErrors(error)),
    onSuccess: async (saved, { values }) => {
      if (!saved) return;
      form.setSaved(values);
      await draft.drop();
      await queries.invalidateQueries();
      await onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacking = missing(FIELDS, form.values);
    form.setErrors(Object.fromEntries(lacking.map((name) => [name, t`Hãy điền chỗ này`])));
    if (lacking.length === 0) save.mutate({ values: form.values, on: base });
  };
  const resolve = (chosen: Values) => {
    const values = valuesOf(FIELDS, chosen);
    form.setValues(values);
    setBase(conflict);
    setConflict(undefined);
    save.mutate({ values, on: conflict });
  };
  const discard = async () => {
    form.setValues(form.saved);
    await draft.drop();
  };
  return (
    <form noValidate onSubmit={submit}>
      <LeaveGuard isDirty={form.isDirty} />
      <Stack maw={900}>
        <FieldsGrid fields={FIELDS} form={form} />
        {save.error && <Failure error={save.error} fields={FIELDS} />}
      </Stack>
      <SaveBar isDirty={form.isDirty} keptAt={draft.keptAt} onDiscard={discard}>
        {onClose && (
          <Button variant="default" onClick={onClose}>
            <Trans>Thôi</Trans>
          </Button>
        )}
        <Button type="submit" loading={save.isPending}>
          <Trans>Lưu</Trans>
        </Button>
      </SaveBar>
      {conflict && (
        <Suspense>
          <ConflictDialog
            fields={FIELDS}
            mine={contentOf(FIELDS, form.values)}
            theirs={conflict}
            base={base}
            onClose={() => setConflict(undefined)}
            onResolve={resolve}
          />
        </Suspense>
      )}
    </form>
  );
}
