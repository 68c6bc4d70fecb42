/** A new partner, or another content for one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { http, ifMatch, type Schemas } from "@/api/client";
import { formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import { Failure } from "@/components/failure";
import type { Values } from "@/components/fields/field";
import { FieldsGrid } from "@/components/fields/fields-grid";
import { contentOf, missing } from "@/components/fields/values";
import { LeaveGuard } from "@/components/leave-guard";
import { SaveBar } from "@/components/save-bar";
import { draftKey } from "@/lib/drafts";
import { useDraft } from "@/lib/use-draft";
import { useValues } from "@/lib/use-values";
import { FIELDS } from "./fields";

type Partner = Schemas["Partner"];

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
  const draft = useDraft<Values>({
    key: draftKey(account.id, `partner/${partner?.id ?? "new"}`),
    values: form.values,
    version: partner?.version ?? null,
    isDirty: form.isDirty,
    onFound: ({ values }) => form.setValues(values),
  });
  const save = useMutation({
    mutationFn: async (): Promise<Partner> => {
      const content = contentOf(FIELDS, form.values);
      const { data, error } = partner
        ? await http.PATCH("/api/v1/partners/{id}", {
            params: { path: { id: partner.id }, header: ifMatch(partner.version) },
            body: content,
          })
        : await http.POST("/api/v1/partners", { body: content as Schemas["PartnerContent"] });
      if (error) throw error;
      return data;
    },
    onError: (error) => form.setErrors(formErrors(error)),
    onSuccess: async (saved) => {
      form.setSaved(form.values);
      await draft.drop();
      await queries.invalidateQueries();
      await onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacking = missing(FIELDS, form.values);
    form.setErrors(Object.fromEntries(lacking.map((name) => [name, t`Hãy điền chỗ này`])));
    if (lacking.length === 0) save.mutate();
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
    </form>
  );
}
