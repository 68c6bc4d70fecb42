/** What may be done with a record now, as the API says. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { ButtonLink } from "@/components/link";
import { notice } from "@/lib/notice";
import { useHolds } from "../account";
import { Failure } from "../failure";
import { DeleteButton } from "./delete-button";
import { type AnyRecord, type Kind, toRecord } from "./kind";
import { pagesOf } from "./pages";
import { type StepAction, useStep } from "./steps";

const ReasonDialog = lazy(() => import("./reason-dialog"));

/** Steps that tell why. */
type Reasoned = "return" | "correct" | "withdraw";

type Props = { kind: Kind; record: AnyRecord };

export function RecordActions({ kind, record }: Props) {
  const { t } = useLingui();
  const step = useStep();
  const [asking, setAsking] = useState<Reasoned>();
  const mayRecord = useHolds(toRecord(kind));
  const may = (action: AnyRecord["allowed_actions"][number]) =>
    record.allowed_actions.includes(action);
  const done: Record<StepAction, string> = {
    submit: t`Đã gửi lên cấp trên`,
    recall: t`Đã rút về để sửa`,
    approve: t`Đã duyệt`,
    return: t`Đã trả lại`,
    correct: t`Đã mở bản đính chính`,
    withdraw: t`Đã rút bản đã duyệt`,
  };
  const take = (action: StepAction, more: { reason?: string; places?: string[] } = {}) =>
    step.mutate(
      { action, id: record.id, version: record.version, ...more },
      {
        onSuccess: () => {
          setAsking(undefined);
          notice(done[action]);
        },
      },
    );
  const pages = pagesOf(kind);
  return (
    <>
      {step.error && !asking && <Failure error={step.error} />}
      <Group gap="xs" className="no-print">
        {may("submit") && (
          <Button loading={step.isPending} onClick={() => take("submit")}>
            <Trans>Gửi duyệt</Trans>
          </Button>
        )}
        {may("approve") && (
          <Button loading={step.isPending} onClick={() => take("approve")}>
            <Trans>Duyệt</Trans>
          </Button>
        )}
        {may("return") && (
          <Button variant="default" onClick={() => setAsking("return")}>
            <Trans>Trả lại</Trans>
          </Button>
        )}
        {may("edit") && (
          <ButtonLink variant="default" to={pages.edit} params={{ id: String(record.id) }}>
            <Trans>Sửa</Trans>
          </ButtonLink>
        )}
        {may("recall") && (
          <Button variant="default" loading={step.isPending} onClick={() => take("recall")}>
            <Trans>Rút về để sửa</Trans>
          </Button>
        )}
        {may("correct") && (
          <Button variant="default" onClick={() => setAsking("correct")}>
            <Trans>Đính chính</Trans>
          </Button>
        )}
        {may("withdraw") && (
          <Button variant="default" onClick={() => setAsking("withdraw")}>
            <Trans>Rút bản đã duyệt</Trans>
          </Button>
        )}
        {mayRecord && (
          <ButtonLink variant="default" to={pages.add} search={{ copy: record.id }}>
            <Trans>Chép thành bản mới</Trans>
          </ButtonLink>
        )}
        {may("delete") && <DeleteButton kind={kind} record={record} />}
      </Group>
      {asking && (
        <Suspense>
          <ReasonDialog
            kind={kind}
            action={asking}
            isBusy={step.isPending}
            error={step.error}
            onClose={() => setAsking(undefined)}
            onConfirm={(reason, places) => take(asking, { reason, places })}
          />
        </Suspense>
      )}
    </>
  );
}
