/** The way out. The browser forgets all that it kept of a person: drafts that were not saved are told of first. */
import { Trans, useLingui } from "@lingui/react/macro";
import { NavLink } from "@mantine/core";
import { LogOut } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { signOut } from "@/api/session";
import { useAccount } from "@/components/account";
import { countDrafts } from "@/lib/drafts";

const AskDialog = lazy(() => import("@/components/ask-dialog"));

export function SignOut() {
  const { t } = useLingui();
  const account = useAccount();
  const [count, setCount] = useState(0);
  const ask = async () => {
    // Where they can't be counted there are none.
    const drafts = await countDrafts(account.id).catch(() => 0);
    if (drafts > 0) setCount(drafts);
    else await signOut();
  };
  return (
    <>
      <NavLink
        component="button"
        label={t`Đăng xuất`}
        leftSection={<LogOut aria-hidden size={18} />}
        onClick={ask}
      />
      {count > 0 && (
        <Suspense>
          <AskDialog
            title={t`Còn bản nháp chưa lưu`}
            action={t`Xóa bản nháp và đăng xuất`}
            onConfirm={() => signOut()}
            onClose={() => setCount(0)}
          >
            <Trans>Số bản nháp của bạn còn trên máy này: {count}. Đăng xuất sẽ xóa hết.</Trans>
          </AskDialog>
        </Suspense>
      )}
    </>
  );
}
