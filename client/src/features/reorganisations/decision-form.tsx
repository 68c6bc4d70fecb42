/** A decision: its paper and day, its lines, everything that it would touch, and only then the record of it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Fieldset, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { LeaveGuard } from "@/components/leave-guard";
import { SaveBar } from "@/components/save-bar";
import { emptyLine, LineFields } from "./line-fields";
import { PreviewView } from "./preview";
import type { Line } from "./states";
import { type Decision, useDecision, type Values } from "./use-decision";

type Props = {
  /** Names the draft. */
  begun: string;
  initial: Values;
  /** The decision that is corrected; without it, a new one. */
  corrected?: Decision;
};

export function DecisionForm({ begun, initial, corrected }: Props) {
  const { t } = useLingui();
  const { form, draft, look, looked, back, commit, discard } = useDecision(
    begun,
    initial,
    corrected,
  );
  const { values, set, isDirty } = form;
  const { paper, day, lines } = values;
  const guard = <LeaveGuard isDirty={isDirty} />;

  if (looked) {
    return (
      <Stack>
        {guard}
        <PreviewView preview={looked.preview} />
        {commit.error && <Failure error={commit.error} />}
        <Group>
          <Button variant="default" onClick={back}>
            <Trans>Quay lại sửa</Trans>
          </Button>
          <Button loading={commit.isPending} onClick={() => commit.mutate(looked)}>
            <Trans>Ghi quyết định này</Trans>
          </Button>
        </Group>
      </Stack>
    );
  }

  const setLines = (lines: Line[]) => set("lines", lines);
  const isRecorded = values.documentId !== null;
  const text = (name: "number" | "title" | "issuer", label: string) => (
    <TextInput
      label={label}
      value={paper[name]}
      disabled={isRecorded}
      maxLength={300}
      onChange={(event) => set("paper", { ...paper, [name]: event.currentTarget.value })}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate();
  };
  return (
    <form onSubmit={submit}>
      {guard}
      <Stack maw={900}>
        <Fieldset legend={t`Văn bản`}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {text("number", t`Số, ký hiệu`)}
            {text("title", t`Trích yếu`)}
            {text("issuer", t`Cơ quan ban hành`)}
            <DayInput
              label={t`Ngày ban hành`}
              value={paper.date}
              disabled={isRecorded}
              onChange={(date) => set("paper", { ...paper, date })}
            />
          </SimpleGrid>
        </Fieldset>
        <DayInput
          label={t`Ngày hiệu lực`}
          description={t`Ngày đầu tiên của tình trạng mới`}
          required
          value={day}
          onChange={(day) => set("day", day)}
          maw={300}
        />
        {lines.map((line, at) => (
          <LineFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
            key={at}
            number={at + 1}
            line={line}
            onChange={(next) => setLines(lines.toSpliced(at, 1, next))}
            onRemove={lines.length > 1 ? () => setLines(lines.toSpliced(at, 1)) : undefined}
          />
        ))}
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          onClick={() => setLines([...lines, emptyLine("transfer")])}
        >
          <Trans>Thêm dòng</Trans>
        </Button>
        {look.error && <Failure error={look.error} />}
      </Stack>
      <SaveBar isDirty={isDirty} keptAt={draft.keptAt} onDiscard={discard}>
        <Button type="submit" loading={look.isPending} disabled={day === ""}>
          <Trans>Xem trước</Trans>
        </Button>
      </SaveBar>
    </form>
  );
}
