/** A decision: its paper and day, its lines, everything that it would touch, and only then the record of it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Fieldset, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { http, type Schemas } from "@/api/client";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { Page } from "@/components/page";
import { notice } from "@/lib/notice";
import { emptyLine, LineFields, written } from "./line-fields";
import { PreviewView } from "./preview";
import type { Line } from "./states";

type Looked = { preview: Schemas["Preview"]; content: Schemas["ReorganisationContent"] };

const NO_PAPER = { number: "", title: "", issuer: "", date: "" };

export default function NewReorganisationPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [paper, setPaper] = useState(NO_PAPER);
  /** The paper once it is recorded: a decision that is looked at again rests on the same one. */
  const [documentId, setDocumentId] = useState<number>();
  const [day, setDay] = useState("");
  const [lines, setLines] = useState<Line[]>([emptyLine("transfer")]);
  const [looked, setLooked] = useState<Looked>();

  const recordPaper = async () => {
    if (documentId !== undefined) return documentId;
    const { number, title, issuer, date } = paper;
    const body = {
      number: number.trim() || null,
      title: title.trim() || null,
      issuer: issuer.trim() || null,
      date: date || null,
    };
    const { data, error } = await http.POST("/api/v1/documents", { body });
    if (error) throw error;
    setDocumentId(data.id);
    return data.id;
  };
  const look = useMutation({
    mutationFn: async () => {
      const content = {
        document_id: await recordPaper(),
        effective_on: day,
        lines: lines.map(written),
      };
      const { data, error } = await http.POST("/api/v1/reorganisations", {
        params: { query: { dry_run: true } },
        body: content,
      });
      if (error) throw error;
      setLooked({ preview: data as Schemas["Preview"], content });
    },
  });
  const commit = useMutation({
    mutationFn: async ({ preview, content }: Looked) => {
      const { data, error } = await http.POST("/api/v1/reorganisations", {
        params: { query: { fingerprint: preview.fingerprint } },
        body: content,
      });
      if (error) throw error;
      return data as Schemas["Reorganisation"];
    },
    onSuccess: async ({ id }) => {
      void notice(t`Đã ghi quyết định`);
      await queries.invalidateQueries();
      await navigate({ to: "/reorganisations/$id", params: { id: String(id) } });
    },
  });

  if (looked) {
    return (
      <Page title={t`Xem trước khi ghi`}>
        <PreviewView preview={looked.preview} />
        {commit.error && <Failure error={commit.error} />}
        <Group>
          <Button variant="default" onClick={() => setLooked(undefined)}>
            <Trans>Quay lại sửa</Trans>
          </Button>
          <Button loading={commit.isPending} onClick={() => commit.mutate(looked)}>
            <Trans>Ghi quyết định này</Trans>
          </Button>
        </Group>
      </Page>
    );
  }

  const change = (at: number, line: Line) =>
    setLines(lines.map((old, other) => (other === at ? line : old)));
  const text = (name: "number" | "title" | "issuer", label: string) => (
    <TextInput
      label={label}
      value={paper[name]}
      disabled={documentId !== undefined}
      maxLength={300}
      onChange={(event) => setPaper({ ...paper, [name]: event.currentTarget.value })}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate();
  };
  return (
    <Page title={t`Ghi quyết định sắp xếp`}>
      <form onSubmit={submit}>
        <Stack maw={900}>
          <Fieldset legend={t`Văn bản`}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {text("number", t`Số, ký hiệu`)}
              {text("title", t`Trích yếu`)}
              {text("issuer", t`Cơ quan ban hành`)}
              <DayInput
                label={t`Ngày ban hành`}
                value={paper.date}
                disabled={documentId !== undefined}
                onChange={(date) => setPaper({ ...paper, date })}
              />
            </SimpleGrid>
          </Fieldset>
          <DayInput
            label={t`Ngày hiệu lực`}
            description={t`Ngày đầu tiên của tình trạng mới`}
            required
            value={day}
            onChange={setDay}
            maw={300}
          />
          {lines.map((line, at) => (
            <LineFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
              key={at}
              number={at + 1}
              line={line}
              onChange={(next) => change(at, next)}
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
          <Group>
            <Button type="submit" loading={look.isPending} disabled={day === ""}>
              <Trans>Xem trước</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
