/** Recording something, or changing a draft: nothing that was typed gets lost. */
import { Trans } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { Failure } from "@/components/failure";
import type { Values } from "@/components/fields/field";
import { FieldsGrid } from "@/components/fields/fields-grid";
import { contentOf } from "@/components/fields/values";
import { LeaveGuard } from "@/components/leave-guard";
import type { AnyRecord, Kind } from "@/components/record/kind";
import { SaveBar } from "@/components/save-bar";
import { useRecordForm } from "./use-record-form";

const ConflictDialog = lazy(() => import("@/components/fields/conflict-dialog"));

type Props = {
  kind: Kind;
  /** The draft that is changed; without it, a new one. */
  record?: AnyRecord;
  initial: Values;
  /** Names the draft of a new one. */
  begun?: string;
};

export function RecordForm({ kind, record, initial, begun }: Props) {
  const { form, draft, base, conflict, error, isBusy, submit, resolve, dropConflict, discard } =
    useRecordForm(kind, record, initial, begun);
  const { values, isDirty } = form;
  useHotkeys([["mod+S", () => void submit(false)]], []);

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(false);
      }}
    >
      <LeaveGuard isDirty={isDirty} />
      <Stack maw={900}>
        <FieldsGrid
          fields={kind.fields}
          form={form}
          // A correction tells of the same unit.
          fixed={base && base.approved_number !== null ? ["unit"] : []}
          masked={base?.masked}
        />
        {error !== undefined && <Failure error={error} fields={kind.fields} />}
      </Stack>
      <SaveBar isDirty={isDirty} keptAt={draft.keptAt} onDiscard={discard}>
        <Button type="submit" variant="default" loading={isBusy}>
          <Trans>Lưu nháp</Trans>
        </Button>
        <Button loading={isBusy} onClick={() => submit(true)}>
          <Trans>Lưu và gửi duyệt</Trans>
        </Button>
      </SaveBar>
      {conflict && (
        <Suspense>
          <ConflictDialog
            fields={kind.fields}
            mine={contentOf(kind.fields, values)}
            theirs={conflict.content}
            base={base?.content}
            onClose={dropConflict}
            onResolve={resolve}
          />
        </Suspense>
      )}
    </form>
  );
}
