/** The tree beside the unit; on a phone, one or the other. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Box, Flex, Stack } from "@mantine/core";
import { useDocumentTitle, useMediaQuery } from "@mantine/hooks";
import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { lazy, Suspense } from "react";
import { useAsOf } from "@/components/as-of";
import { Failure } from "@/components/failure";
import { ButtonLink } from "@/components/link";
import { Rows } from "@/components/page";
import { UnitPicker } from "@/components/unit-picker";
import { AsOfPicker } from "./as-of-picker";
import { useRoot } from "./tree-store";
import { UnitTree } from "./unit-tree";

const UnitDrill = lazy(() => import("./unit-drill"));

export default function UnitsPage() {
  const { t } = useLingui();
  const { code } = useParams({ strict: false }) as { code?: string };
  const { at } = useSearch({ strict: false }) as { at?: string };
  const isWide = useMediaQuery("(min-width: 62em)", true, { getInitialValueInEffect: false });
  const asOf = useAsOf();
  const navigate = useNavigate();
  const root = useRoot(asOf);
  const top = root.data?.items[0];
  useDocumentTitle(`${t`Đơn vị`} · Liên đoàn`);
  const select = (code: string) => {
    if (code) void navigate({ to: "/units/$code", params: { code } });
  };

  return (
    <Flex gap="lg" align="flex-start">
      <Stack
        component="section"
        aria-label={t`Cây đơn vị`}
        gap="sm"
        w={{ base: "100%", md: 380 }}
        flex="none"
        h={{ md: "calc(100dvh - 56px - 2 * var(--mantine-spacing-md))" }}
        pos={{ base: "static", md: "sticky" }}
        top="calc(56px + var(--mantine-spacing-md))"
        visibleFrom={code ? "md" : undefined}
        className="no-print"
      >
        <UnitPicker value="" onChange={select} aria-label={t`Tìm đơn vị`} />
        <AsOfPicker />
        <Box flex={1} mih={0}>
          {root.error && <Failure error={root.error} onRetry={() => root.refetch()} />}
          {!top && root.isPending && <Rows count={12} height={32} />}
          {top && isWide && <UnitTree root={top} asOf={asOf} selected={code} onSelect={select} />}
          {top && !isWide && (
            <Suspense fallback={<Rows count={12} height={32} />}>
              <UnitDrill at={at ?? top.code} asOf={asOf} />
            </Suspense>
          )}
        </Box>
      </Stack>
      <Box flex={1} miw={0} visibleFrom={code ? undefined : "md"}>
        {code && (
          <ButtonLink
            to="/units"
            variant="subtle"
            size="compact-md"
            hiddenFrom="md"
            mb="xs"
            className="no-print"
            leftSection={<ArrowLeft aria-hidden size={16} />}
          >
            <Trans>Cây đơn vị</Trans>
          </ButtonLink>
        )}
        <Outlet />
      </Box>
    </Flex>
  );
}
