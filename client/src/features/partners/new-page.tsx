import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useAccount } from "@/components/account";
import { beginning } from "@/components/fields/values";
import { Page } from "@/components/page";
import { notice } from "@/lib/notice";
import { FIELDS } from "./fields";
import { PartnerForm } from "./partner-form";

export default function NewPage() {
  const { t } = useLingui();
  const account = useAccount();
  const navigate = useNavigate();
  return (
    <Page title={t`Thêm đối tác`}>
      <PartnerForm
        initial={{ ...beginning(FIELDS), unit: account.unit ?? "" }}
        onSaved={({ id }) => {
          void notice(t`Đã thêm đối tác`);
          return navigate({ to: "/partners/$id", params: { id: String(id) }, ignoreBlocker: true });
        }}
      />
    </Page>
  );
}
