/** Recording something, or changing a draft: nothing that was typed gets lost. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Input, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { Failure } from "@/components/failure";
import type { Values } from "@/components/fields/field";
import { FieldInput } from "@/components/fields/field-input";
import styles from "@/components/fields/fields.module.css";
import { applies, contentOf } from "@/components/fields/values";
import { LeaveGuard } from "@/components/leave-guard";
import type { AnyRecord, Kind } from "@/components/record/kind";
import { SaveBar } from "@/components/save-bar";
import { useRecordForm } from "./use-record-form";

const ConflictDialog = lazy(() => import("./conflict-dialog"));

type Props = {
  kind: Kind;
  /** The draft that is changed; without it, a new one. */
  record?: AnyRecord;
  initial: Values;
  /** Names the draft of a new one. */
  begun?: string;
};

export function RecordForm({ kind, record, initial, begun }: Props) {
  const { i18n } = useLingui();
  const { form, draft, base, conflict, error, isBusy, submit, resolve, dropConflict, discard } =
    useRecordForm(kind, record, initial, begun);
  const { values, errors, set, isDirty } = form;
  useHotkeys([["mod+S", () => void submit(false)]], []);

  // A correction tells of the same unit.
  const isFixed = (name: string) => name === "unit" && base?.approved_number != null;
  const isMasked = (name: string) => base?.masked.includes(`/${name}`);
  const shown = Object.entries(kind.fields).filter(
    ([, field]) => field.type !== "qualifier" && applies(field, values),
  );
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
        <div className={styles.grid}>
          {shown.map(([name, field]) => (
            <div key={name} data-type={field.type}>
              {isMasked(name) ? (
                <Masked label={i18n._(field.label)} />
              ) : (
                <FieldInput
                  field={field}
                  value={values[name]}
                  onChange={(value) => set(name, value)}
                  onChangeBeside={set}
                  beside={values}
                  naming={{
                    label: i18n._(field.label),
                    description: field.hint && i18n._(field.hint),
                    required: field.isRequired,
                    disabled: isFixed(name),
                    error: errors[name],
                  }}
                />
              )}
            </div>
          ))}
        </div>
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
            kind={kind}
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

/** What the caller may not see they do not change either: it stays as it is. */
function Masked({ label }: { label: string }) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Text size="sm" c="dimmed">
        <Trans>Bạn không có quyền xem dữ liệu cá nhân; dữ liệu đã nhập được giữ nguyên.</Trans>
      </Text>
    </Input.Wrapper>
  );
}
