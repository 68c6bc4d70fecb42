/** A period that is closed: who closed it, until when, why, and what to do about it. */
import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { api, type Schemas } from "@/api/client";
import { formatDay, lastDay } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { UnitName } from "./unit-link";

/** `params` are those of the failure `period_locked`. */
export function ClosedPeriod({ params }: { params: Schemas["Problem"]["params"] }) {
  const { lock_id, unit, period, until } = params as Record<string, string | number | null>;
  const path = { id: Number(lock_id) };
  const { data } = api.useQuery("get", "/api/v1/period_locks/{id}", { params: { path } });
  const name = <UnitName code={String(unit)} />;
  const named = formatPeriod(String(period));
  const last = until ? formatDay(lastDay(String(until))) : undefined;
  return (
    <Text size="sm" component="div">
      <div>
        {last ? (
          <Trans>
            Kỳ “{named}” đã được {name} khóa đến hết ngày {last}.
          </Trans>
        ) : (
          <Trans>
            Kỳ “{named}” đã được {name} khóa.
          </Trans>
        )}
      </div>
      {data && (
        <div className="wrap-anywhere">
          <Trans>Lý do: {data.reason}</Trans>
        </div>
      )}
      <div>
        <Trans>
          Hãy đề nghị {name} mở lại kỳ này, hoặc cho đơn vị của bạn được ghi trong một thời gian.
          Bản nháp vẫn sửa được.
        </Trans>
      </div>
    </Text>
  );
}
