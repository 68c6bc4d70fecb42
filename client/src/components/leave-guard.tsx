/** Whoever leaves a form that is not saved is asked; the draft stays on the device either way. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useBlocker } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const AskDialog = lazy(() => import("./ask-dialog"));

export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const { t } = useLingui();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (status !== "blocked") return null;
  return (
    <Suspense>
      <AskDialog title={t`Chưa lưu`} action={t`Rời đi`} onConfirm={proceed} onClose={reset}>
        <Trans>
          Những gì bạn đã nhập chưa được lưu. Nếu rời đi, chúng được giữ trên máy này cho lần sau.
        </Trans>
      </AskDialog>
    </Suspense>
  );
}
