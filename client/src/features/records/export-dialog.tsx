/** The whole of what the list is narrowed to, into a file: how far it is, and in words what was written. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Failure } from "@/components/failure";
import { useActivityKinds, useAwardTitles } from "@/components/names";
import type { Kind } from "@/components/record/kind";
import { unitNames } from "@/components/unit-link";
import { csv, download } from "@/lib/csv";
import { formatNumber, today } from "@/lib/format";
import { MOST, readAll, tableOf, unitsOf } from "./export";
import type { RecordsSearch } from "./search";

type Props = { kind: Kind; search: RecordsSearch; isFiltered: boolean; onClose: () => void };

export default function ExportDialog({ kind, search, isFiltered, onClose }: Props) {
  const { t, i18n } = useLingui();
  const activityKinds = useActivityKinds();
  const awardTitles = useAwardTitles();
  const [read, setRead] = useState(0);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const many = i18n._(kind.words.many);
  const name = `${kind.list}-${today()}.csv`;
  const write = useMutation({
    mutationFn: async () => {
      abort.current = new AbortController();
      const { signal } = abort.current;
      const { items, hasMore } = await readAll(kind, search, { signal, onProgress: setRead });
      const units = await unitNames(unitsOf(kind, items));
      if (signal.aborted) return undefined;
      const table = tableOf(kind, items, {
        i18n,
        unit: (code) => units.get(code) ?? code,
        activity_kind: activityKinds.nameOf,
        award_title: awardTitles.nameOf,
      });
      // Excel parts cells by what the country parts lists by.
      download(name, csv(table, i18n.locale === "vi" ? ";" : ","), "text/csv;charset=utf-8");
      return { count: items.length, hasMore };
    },
  });
  const done = write.data;
  const most = formatNumber(MOST);
  const soFar = formatNumber(read);
  const count = formatNumber(done?.count ?? 0);
  const isCancelled = abort.current.signal.aborted;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`Xuất ra tệp CSV`}
      closeButtonProps={{ "aria-label": t`Đóng` }}
    >
      <Stack>
        <Text size="sm">
          {isFiltered ? (
            <Trans>
              Tệp gồm mọi mục của “{many}” khớp bộ lọc và trạng thái đang chọn, mục mới nhất đứng
              đầu, nhiều nhất {most} dòng.
            </Trans>
          ) : (
            <Trans>
              Tệp gồm mọi mục của “{many}” mà bạn được xem, mục mới nhất đứng đầu, nhiều nhất {most}{" "}
              dòng.
            </Trans>
          )}{" "}
          <Trans>Không có họ tên người. Mở được bằng Excel, LibreOffice.</Trans>
        </Text>
        <div role="status">
          {write.isPending && (
            <>
              <Text size="sm" mb={4}>
                <Trans>Đã đọc {soFar} mục…</Trans>
              </Text>
              <progress aria-label={t`Đang đọc`} style={{ width: "100%" }} />
            </>
          )}
          {done && (
            <Text size="sm" fw={600}>
              {done.hasMore ? (
                <Trans>
                  Đã xuất {count} mục mới nhất vào tệp {name}. Còn những mục khác: hãy lọc hẹp hơn
                  để xuất phần còn lại.
                </Trans>
              ) : (
                <Trans>
                  Đã xuất toàn bộ {count} mục vào tệp {name}.
                </Trans>
              )}
            </Text>
          )}
        </div>
        {write.error && !isCancelled && <Failure error={write.error} />}
        <Group justify="flex-end">
          {write.isPending ? (
            <Button variant="default" onClick={() => abort.current.abort()}>
              <Trans>Dừng</Trans>
            </Button>
          ) : (
            <Button variant="default" onClick={onClose}>
              {done ? <Trans>Đóng</Trans> : <Trans>Thôi</Trans>}
            </Button>
          )}
          {!done && (
            <Button loading={write.isPending} onClick={() => write.mutate()} data-autofocus>
              <Trans>Xuất</Trans>
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
