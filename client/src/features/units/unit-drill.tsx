/** The tree on a phone: one level at a time, with the way up above it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Stack, Text } from "@mantine/core";
import { ChevronRight } from "lucide-react";
import { api, byCode } from "@/api/client";
import { byCursor } from "@/api/pages";
import { ButtonLink, RowLink, TextLink } from "@/components/link";
import { PagedList } from "@/components/paged";
import { type Day, formatNumber } from "@/lib/format";
import styles from "./unit-page.module.css";

type Props = {
  /** The unit whose children are listed. */
  at: string;
  asOf: Day | undefined;
};

export default function UnitDrill({ at, asOf }: Props) {
  const { t } = useLingui();
  const path = { unit: byCode(at) };
  const ofPath = { params: { path, query: { as_of: asOf } } };
  const { data: way } = api.useQuery("get", "/api/v1/units/{unit}/path", ofPath);
  const ofChildren = { params: { path, query: { as_of: asOf, limit: 50 } } };
  const address = "/api/v1/units/{unit}/children";
  const pages = api.useInfiniteQuery("get", address, ofChildren, byCursor);
  const here = way?.items.at(-1);
  return (
    <Stack gap="xs">
      <nav aria-label={t`Cấp trên`}>
        {way?.items.slice(0, -1).map((step) => (
          <Group key={step.id} gap={4} wrap="nowrap" align="flex-start">
            <TextLink to="/units" search={{ at: step.code }} className={styles.step}>
              {step.name}
            </TextLink>
            <span aria-hidden>›</span>
          </Group>
        ))}
      </nav>
      {here && (
        <Group justify="space-between" gap="xs">
          <Text fw={600} flex={1} miw={160} className="wrap-anywhere">
            {here.name}
          </Text>
          <ButtonLink
            to="/units/$code"
            params={{ code: here.code }}
            variant="default"
            size="compact-sm"
          >
            <Trans>Mở trang đơn vị</Trans>
          </ButtonLink>
        </Group>
      )}
      <PagedList pages={pages} nothing={<Trans>Không có đơn vị trực thuộc vào ngày này</Trans>}>
        {(children) =>
          children.map((child) => {
            const count = formatNumber(child.child_count);
            return child.child_count > 0 ? (
              <RowLink
                key={child.id}
                to="/units"
                search={{ at: child.code }}
                label={child.name}
                description={t`${count} đơn vị trực thuộc`}
                rightSection={<ChevronRight aria-hidden size={16} />}
              />
            ) : (
              <RowLink
                key={child.id}
                to="/units/$code"
                params={{ code: child.code }}
                label={child.name}
              />
            );
          })
        }
      </PagedList>
    </Stack>
  );
}
