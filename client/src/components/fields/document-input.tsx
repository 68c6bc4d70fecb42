/** A paper that is recorded already, or one that is recorded now. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { useHolds } from "../account";
import type { Naming } from "./pick-input";
import { ReferencePicker } from "./reference-picker";

const NewDocument = lazy(() => import("./new-document"));

type Props = {
  value: number | "";
  onChange: (id: number | "") => void;
  unit: string;
  naming: Naming;
};

export function DocumentInput({ value, onChange, unit, naming }: Props) {
  const mayEnter = useHolds("documents:edit");
  const [isAdding, adding] = useDisclosure();
  return (
    <div>
      <ReferencePicker to="document" value={value} onChange={onChange} {...naming} />
      {mayEnter && value === "" && (
        <Button variant="subtle" size="sm" px={4} mt={4} onClick={adding.open}>
          <Trans>Nhập văn bản chưa có</Trans>
        </Button>
      )}
      {isAdding && (
        <Suspense>
          <NewDocument unit={unit} onClose={adding.close} onSaved={onChange} />
        </Suspense>
      )}
    </div>
  );
}
