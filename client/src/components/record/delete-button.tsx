import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ifMatch } from "@/api/client";
import { notice } from "@/lib/notice";
import { Failure } from "../failure";
import type { AnyRecord, Kind } from "./kind";
import { pagesOf } from "./pages";
import { useDelete, useRefresh } from "./requests";

const AskDialog = lazy(() => import("../ask-dialog"));

type Props = { kind: Kind; record: AnyRecord };

export function DeleteButton({ kind, record }: Props) {
  const { t } = useLingui();
  const [isAsking, asking] = useDisclosure();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const isCorrection = record.approved_number !== null;
  const title = record.content.title;
  const label = isCorrection ? t`Bỏ bản đính chính` : t`Xóa bản nháp`;
  const remove = useDelete(kind, async () => {
    void notice(isCorrection ? t`Đã bỏ bản đính chính` : t`Đã xóa bản nháp`);
    if (!isCorrection) await navigate({ to: pagesOf(kind).list });
    asking.close();
    await refresh();
  });
  const params = { path: { id: record.id }, header: ifMatch(record.version) };
  return (
    <>
      <Button variant="default" c="var(--mantine-color-error)" onClick={asking.open}>
        {label}
      </Button>
      {isAsking && (
        <Suspense>
          <AskDialog
            title={t`Không thể hoàn tác`}
            action={label}
            isBusy={remove.isPending}
            onConfirm={() => remove.mutate({ params })}
            onClose={asking.close}
          >
            {isCorrection ? (
              <Trans>Bản đính chính của “{title}” sẽ bị bỏ; bản đã duyệt giữ nguyên.</Trans>
            ) : (
              <Trans>Bản nháp “{title}” sẽ bị xóa.</Trans>
            )}
            {remove.error && <Failure error={remove.error} />}
          </AskDialog>
        </Suspense>
      )}
    </>
  );
}
