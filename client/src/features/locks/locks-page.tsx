/** Periods that are closed, and those that were: what stands under the unit is not sent up or approved in them. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Plus } from "lucide-react";
import { api } from "@/api/client";
import { byCursor } from "@/api/pages";
import { useHolds } from "@/components/account";
import { Page } from "@/components/page";
import { PagedList } from "@/components/paged";
import { LockView } from "./lock-view";
import { NewLock } from "./new-lock";

export default function LocksPage() {
  const { t } = useLingui();
  const mayLock = useHolds("periods:lock");
  const [isAdding, adding] = useDisclosure();
  const params = { query: { limit: 50 } };
  const pages = api.useInfiniteQuery("get", "/api/v1/period_locks", { params }, byCursor);
  return (
    <Page
      title={t`Khóa kỳ`}
      actions={
        mayLock && (
          <Button leftSection={<Plus aria-hidden size={16} />} onClick={adding.toggle}>
            <Trans>Khóa một kỳ</Trans>
          </Button>
        )
      }
    >
      <Stack maw={900}>
        {isAdding && <NewLock onClose={adding.close} />}
        <PagedList
          pages={pages}
          nothing={<Trans>Chưa có kỳ nào bị khóa</Trans>}
          hint={
            <Trans>
              Khi số liệu của một kỳ đã chốt, hãy khóa kỳ đó: hoạt động trong kỳ không gửi, duyệt,
              đính chính hay rút được nữa.
            </Trans>
          }
          count={4}
          height={96}
        >
          {(items) => items.map((lock) => <LockView key={lock.id} lock={lock} />)}
        </PagedList>
      </Stack>
    </Page>
  );
}
