/** Recording an activity, or changing a draft: nothing that was typed gets lost. */
import { Trans, useLingui } from "@lingui/react/macro";
import {
  Button,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import type { Activity } from "@/components/activity-table";
import { Failure } from "@/components/failure";
import { LeaveGuard } from "@/components/leave-guard";
import { useActivityKinds } from "@/components/names";
import { NumberField } from "@/components/number-field";
import { PeriodPicker } from "@/components/period-picker";
import { STATUSES } from "@/components/state-badge";
import { UnitPicker } from "@/components/unit-picker";
import { formatInstant } from "@/lib/format";
import styles from "./activity-form.module.css";
import { contentOf, type Values } from "./form-values";
import { AmountRows, GoodsRows } from "./rows";
import { useActivityForm } from "./use-activity-form";

const ConflictDialog = lazy(() => import("./conflict-dialog"));

type Props = {
  /** The draft that is changed; without it, a new one. */
  activity?: Activity;
  initial: Values;
  /** Names the draft of a new one. */
  begun?: string;
};

export function ActivityForm({ activity, initial, begun }: Props) {
  const { t, i18n } = useLingui();
  const { kinds } = useActivityKinds();
  const { form, draft, base, conflict, error, isBusy, submit, resolve, dropConflict, discard } =
    useActivityForm(activity, initial, begun);
  const { values, errors, set, isDirty } = form;
  useHotkeys([["mod+S", () => void submit(false)]], []);

  const text = (name: "title" | "place" | "text") => ({
    value: values[name],
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
    error: errors[name],
  });
  const number = (name: "participants" | "women" | "beneficiaries", label: string) => (
    <NumberField
      label={label}
      value={values[name]}
      onChange={(value) => set(name, value)}
      error={errors[name]}
    />
  );
  const keptAt = draft.keptAt && formatInstant(new Date(draft.keptAt).toISOString());

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(false);
      }}
    >
      <LeaveGuard isDirty={isDirty} />
      <Stack maw={820}>
        <UnitPicker
          label={t`Đơn vị`}
          required
          value={values.unit}
          onChange={(unit) => set("unit", unit)}
          error={errors.unit}
          // A correction tells of the same unit.
          disabled={base !== undefined && base.approved_number !== null}
        />
        <TextInput label={t`Tên hoạt động`} required maxLength={300} {...text("title")} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t`Loại`}
            required
            searchable
            nothingFoundMessage={t`Không tìm thấy`}
            data={kinds.map((kind) => ({ value: kind.code, label: kind.label }))}
            value={values.kind || null}
            onChange={(kind) => set("kind", kind ?? "")}
            error={errors.kind}
          />
          <Select
            label={t`Tình hình`}
            required
            allowDeselect={false}
            data={Object.entries(STATUSES).map(([value, label]) => ({
              value,
              label: i18n._(label),
            }))}
            value={values.status}
            onChange={(status) => status && set("status", status as Values["status"])}
            error={errors.status}
          />
        </SimpleGrid>
        <PeriodPicker
          value={values.period}
          onChange={(period) => set("period", period)}
          error={errors.period}
          required
        />
        <TextInput label={t`Địa điểm`} maxLength={300} {...text("place")} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {number("participants", t`Số người tham gia`)}
          {number("women", t`Trong đó nữ`)}
          {number("beneficiaries", t`Số người thụ hưởng`)}
        </SimpleGrid>
        <Textarea
          label={t`Diễn biến, kết quả`}
          autosize
          minRows={4}
          maxRows={16}
          maxLength={20_000}
          {...text("text")}
        />
        <AmountRows form={form} />
        <GoodsRows form={form} />
        {error !== undefined && <Failure error={error} />}
      </Stack>
      <Paper withBorder p="sm" mt="md" className={styles.bar}>
        <Group gap="xs">
          <Button type="submit" variant="default" loading={isBusy}>
            <Trans>Lưu nháp</Trans>
          </Button>
          <Button loading={isBusy} onClick={() => submit(true)}>
            <Trans>Lưu và gửi duyệt</Trans>
          </Button>
          {isDirty && (
            <Text size="sm" c="dimmed" role="status">
              {keptAt ? (
                <Trans>Chưa lưu · đã giữ trên máy này lúc {keptAt}</Trans>
              ) : (
                <Trans>Chưa lưu</Trans>
              )}
            </Text>
          )}
          {isDirty && keptAt && (
            <Button variant="subtle" size="compact-sm" onClick={discard}>
              <Trans>Bỏ những gì đã nhập</Trans>
            </Button>
          )}
        </Group>
      </Paper>
      {conflict && (
        <Suspense>
          <ConflictDialog
            mine={contentOf(values)}
            theirs={conflict.content}
            base={base?.content}
            onClose={dropConflict}
            onResolve={resolve}
          />
        </Suspense>
      )}
    </form>
  );
}
