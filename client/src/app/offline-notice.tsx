import { Trans } from "@lingui/react/macro";
import { Alert } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { WifiOff } from "lucide-react";

export function OfflineNotice() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Alert color="orange" icon={<WifiOff aria-hidden />} mb="sm" role="status">
      <Trans>
        Mất kết nối mạng. Những gì bạn nhập được giữ trên máy này; hãy lưu khi có mạng trở lại.
      </Trans>
    </Alert>
  );
}
