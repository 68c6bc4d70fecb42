/** What waits for me, the oldest first: decide, and the next one opens itself. */
import { Trans, useLingui } from "@lingui/react/macro";
import {
  Box,
  Button,
  Checkbox,
  Group,
  Kbd,
  Paper,
  Stack,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Schemas } from "@/api/client";
import { Empty } from "@/components/empty";
import { Failure } from "@/components/failure";
import { Page, Pending } from "@/components/page";
import { More } from "@/components/paged";
import { BatchBar } from "@/components/record/batch-bar";
import { kindOf } from "@/components/record/kinds";
import RecordView from "@/components/record/record-view";
import { useStep } from "@/components/record/steps";
import { LATE, useInbox } from "@/components/record/use-inbox";
import { UnitName } from "@/components/unit-link";
import { daysSince } from "@/lib/format";
import { notice } from "@/lib/notice";
import { useShortcuts } from "@/lib/shortcuts";
import styles from "./inbox.module.css";

const ReasonDialog = lazy(() => import("@/components/record/reason-dialog"));

type Item = Schemas["RecordSummary"];

export default function InboxPage() {
  const { t } = useLingui();
  const { open } = useSearch({ from: "/inbox" });
  const navigate = useNavigate({ from: "/inbox" });
  const { pages, items } = useInbox();
  const [ticked, setTicked] = useState(new Set<number>());
  const [isReturning, setIsReturning] = useState(false);
  const step = useStep();

  const at = items.findIndex((item) => item.id === open);
  const current = items[at];
  const kind = current && kindOf(current.record_kind);
  const chosen = items.filter((item) => ticked.has(item.id));
  const show = (item: Item | undefined) =>
    navigate({ search: (old) => ({ ...old, open: item?.id }), replace: true, resetScroll: false });
  const move = (by: number) => show(items[Math.max(0, Math.min(items.length - 1, at + by))]);

  const decide = (
    action: "approve" | "return",
    more: { reason?: string; places?: string[] } = {},
  ) => {
    if (!current || step.isPending) return;
    const next = items[at + 1] ?? items[at - 1];
    step.mutate(
      { action, id: current.id, version: current.version, ...more },
      {
        onSuccess: () => {
          setIsReturning(false);
          notice(
            action === "approve"
              ? t`Đã duyệt “${current.title}”`
              : t`Đã trả lại “${current.title}”`,
          );
          void show(next);
        },
      },
    );
  };

  useShortcuts({
    j: () => move(at < 0 ? 0 : 1),
    k: () => move(-1),
    a: () => decide("approve"),
    r: () => current && setIsReturning(true),
  });

  const tick = (id: number) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    setTicked(next);
  };

  return (
    <Page title={t`Chờ duyệt`}>
      {!pages.data && <Pending query={pages} count={6} height={72} />}
      {pages.data && items.length === 0 && (
        <Empty title={<Trans>Không còn gì chờ bạn duyệt</Trans>}>
          <Trans>Khi đơn vị cấp dưới gửi lên, bạn sẽ thấy ở đây; mục cũ nhất đứng đầu.</Trans>
        </Empty>
      )}
      {items.length > 0 && (
        <div className={styles.columns} data-open={current !== undefined || undefined}>
          <Stack gap="xs" className={styles.list}>
            {chosen.length > 0 && (
              <BatchBar action="approve" items={chosen} onDone={() => setTicked(new Set())} />
            )}
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                isOpen={item.id === open}
                isTicked={ticked.has(item.id)}
                onTick={() => tick(item.id)}
                onOpen={() => show(item)}
              />
            ))}
            <More pages={pages} />
          </Stack>
          <Box className={styles.detail}>
            {current && kind ? (
              <Stack gap="sm">
                <Button
                  variant="subtle"
                  size="compact-md"
                  className={styles.back}
                  leftSection={<ArrowLeft aria-hidden size={16} />}
                  onClick={() => show(undefined)}
                >
                  <Trans>Danh sách</Trans>
                </Button>
                <RecordView kind={kind} id={current.id} withActions={false} />
                {step.error && !isReturning && <Failure error={step.error} />}
                <Paper withBorder p="sm" className={styles.decision}>
                  <Group gap="xs">
                    <Button
                      loading={step.isPending}
                      onClick={() => decide("approve")}
                      rightSection={<Key name="a" />}
                    >
                      <Trans>Duyệt</Trans>
                    </Button>
                    <Button
                      variant="default"
                      onClick={() => setIsReturning(true)}
                      rightSection={<Key name="r" />}
                    >
                      <Trans>Trả lại</Trans>
                    </Button>
                  </Group>
                </Paper>
              </Stack>
            ) : (
              <Empty title={<Trans>Chọn một mục để xem</Trans>}>
                <Trans>
                  Phím <Kbd>j</Kbd> và <Kbd>k</Kbd> đi tới, đi lui.
                </Trans>
              </Empty>
            )}
          </Box>
        </div>
      )}
      {isReturning && kind && (
        <Suspense>
          <ReasonDialog
            kind={kind}
            action="return"
            isBusy={step.isPending}
            error={step.error}
            onClose={() => setIsReturning(false)}
            onConfirm={(reason, places) => decide("return", { reason, places })}
          />
        </Suspense>
      )}
    </Page>
  );
}

function Key({ name }: { name: string }) {
  return (
    <Kbd size="xs" visibleFrom="sm" aria-hidden>
      {name}
    </Kbd>
  );
}

type RowProps = {
  item: Item;
  isOpen: boolean;
  isTicked: boolean;
  onTick: () => void;
  onOpen: () => void;
};

function Row({ item, isOpen, isTicked, onTick, onOpen }: RowProps) {
  const { t, i18n } = useLingui();
  const kind = kindOf(item.record_kind);
  const days = item.submitted_at ? daysSince(item.submitted_at) : 0;
  const waiting = days === 0 ? t`gửi hôm nay` : t`chờ ${days} ngày`;
  return (
    <Paper withBorder p="sm" className={styles.row} data-open={isOpen || undefined}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Checkbox
          aria-label={t`Chọn “${item.title}”`}
          checked={isTicked}
          onChange={onTick}
          mt={2}
        />
        <UnstyledButton
          onClick={onOpen}
          flex={1}
          miw={0}
          aria-current={isOpen || undefined}
          className="wrap-anywhere"
        >
          <Text fw={600} size="sm">
            {item.title}
          </Text>
          <Text size="sm">
            {kind && `${i18n._(kind.words.one)} · `}
            <UnitName code={item.unit} />
          </Text>
          <Text
            size="xs"
            c={days >= LATE ? "var(--mantine-color-error)" : "dimmed"}
            fw={days >= LATE ? 600 : undefined}
          >
            {waiting}
          </Text>
        </UnstyledButton>
      </Group>
    </Paper>
  );
}
