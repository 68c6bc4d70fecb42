import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { api, ifMatch } from "@/api/client";
import { notice } from "@/lib/notice";
import type { Activity } from "../activity-table";
import { Failure } from "../failure";
import { isOfRecords } from "./steps";

const AskDialog = lazy(() => import("../ask-dialog"));

export function DeleteButton({ activity }: { activity: Activity }) {
  const { t } = useLingui();
  const [isAsking, asking] = useDisclosure();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const isCorrection = activity.approved_number !== null;
  const title = activity.content.title;
  const label = isCorrection ? t`Bỏ bản đính chính` : t`Xóa bản nháp`;
  const remove = api.useMutation("delete", "/api/v1/activities/{id}", {
    onSuccess: async () => {
      void notice(isCorrection ? t`Đã bỏ bản đính chính` : t`Đã xóa bản nháp`);
      if (!isCorrection) await navigate({ to: "/activities" });
      asking.close();
      await queries.invalidateQueries({ predicate: isOfRecords });
    },
  });
  const params = { path: { id: activity.id }, header: ifMatch(activity.version) };
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
