import { Trans } from "@lingui/react/macro";
import { Empty } from "@/components/empty";

export default function UnitsStart() {
  return (
    <Empty title={<Trans>Chọn một đơn vị</Trans>}>
      <Trans>Tìm theo tên, có dấu hay không dấu, hoặc mở từng nhánh của cây.</Trans>
    </Empty>
  );
}
