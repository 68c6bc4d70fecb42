/** One decision with its lines, and how it is annulled: previewed like any other change. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, List, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, http, ifMatch, type Schemas } from "@/api/client";
import { DayInput } from "@/components/day-input";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { ButtonLink } from "@/components/link";
import { Page, Pending } from "@/components/page";
import { UnitLink } from "@/components/unit-link";
import { formatDay } from "@/lib/format";
import { notice } from "@/lib/notice";
import { PreviewView } from "./preview";
import { isCorrectable, type Line, useOpNames, useStateNames } from "./states";

/** Lines that are shown at first: an opening has thousands. */
const SHOWN = 200;

export default function ReorganisationPage() {
  const { t } = useLingui();
  const id = Number(useParams({ from: "/reorganisations/$id" }).id);
  const names = useStateNames();
  const params = { path: { id } };
  const query = api.useQuery("get", "/api/v1/reorganisations/{id}", { params });
  const { data } = query;
  if (!data) return <Pending query={query} />;
  const paper = data.document;
  const more = data.lines.length - SHOWN;
  return (
    <Page title={t`Quyết định sắp xếp số ${id}`}>
      <Stack maw={900}>
        <Facts
          facts={[
            [
              t`Ngày hiệu lực`,
              data.effective_on ? formatDay(data.effective_on) : t`Trước khi có số liệu`,
            ],
            [t`Văn bản`, [paper?.number, paper?.title].filter(Boolean).join(" · ")],
            [t`Cơ quan ban hành`, paper?.issuer],
            [t`Ngày ban hành`, paper?.date && formatDay(paper.date)],
            [t`Trạng thái`, names[data.state]],
            [t`Hủy bỏ vì`, data.annulled_because],
            [t`Ghi chú`, data.note],
          ]}
        />
        <Title order={2} size="h4">
          <Trans>Các dòng</Trans>
        </Title>
        <List type="ordered" size="sm" spacing={4}>
          {data.lines.slice(0, SHOWN).map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
            <List.Item key={at}>
              <LineText line={line} />
            </List.Item>
          ))}
        </List>
        {more > 0 && (
          <Text size="sm" c="dimmed">
            <Trans>và {more} dòng khác</Trans>
          </Text>
        )}
        {isCorrectable(data) && (
          <Group>
            <ButtonLink
              variant="default"
              to="/reorganisations/$id/edit"
              params={{ id: String(id) }}
            >
              <Trans>Sửa chỗ ghi sai</Trans>
            </ButtonLink>
          </Group>
        )}
        {data.allowed_actions.includes("draft_reversal") && <ReversalStart id={id} />}
        {data.allowed_actions.includes("annul") && <Annulment decision={data} />}
      </Stack>
    </Page>
  );
}

function LineText({ line }: { line: Line }) {
  const names = useOpNames();
  const units = [line.unit, ...(line.units ?? [])].filter((code) => typeof code === "string");
  const parts = (line.parts ?? []).map((part) => part.unit ?? part.new?.code ?? "");
  const target = line.to ?? line.into ?? line.parent ?? line.children_to ?? line.new?.parent;
  return (
    <>
      {names[line.op]}:{" "}
      {units.map((code) => (
        <span key={code}>
          <UnitLink code={code} />{" "}
        </span>
      ))}
      {parts.map((code) => (
        <span key={code}>
          → <UnitLink code={code} />{" "}
        </span>
      ))}
      {line.op === "establish" && line.code && (
        <UnitLink code={line.code} name={line.name ?? line.code} />
      )}
      {line.op === "rename" && line.name && <>→ {line.name}</>}
      {target && (
        <>
          {" "}
          → <UnitLink code={target} />
        </>
      )}
    </>
  );
}

/** From a day on things are as before: an ordinary decision, whose lines are drafted. */
function ReversalStart({ id }: { id: number }) {
  const { t } = useLingui();
  const [day, setDay] = useState("");
  return (
    <Alert color="blue" title={t`Khôi phục: từ một ngày, mọi việc trở lại như trước`}>
      <Stack gap="sm">
        <Text size="sm">
          <Trans>
            Các dòng được soạn sẵn; bạn xem lại, sửa và ghi thành một quyết định mới có văn bản
            riêng.
          </Trans>
        </Text>
        <Group align="flex-end">
          <DayInput label={t`Ngày đầu tiên như trước`} value={day} onChange={setDay} maw={260} />
          <ButtonLink
            variant="default"
            to="/reorganisations/new"
            search={{ reverses: id, on: day }}
            disabled={day === ""}
          >
            <Trans>Soạn quyết định khôi phục</Trans>
          </ButtonLink>
        </Group>
      </Stack>
    </Alert>
  );
}

function Annulment({ decision }: { decision: Schemas["Reorganisation"] }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const send = (query: { dry_run?: boolean; fingerprint?: string }) =>
    http.POST("/api/v1/reorganisations/{id}:annul", {
      params: { path: { id: decision.id }, header: ifMatch(decision.version), query },
      body: { reason: reason.trim() },
    });
  const look = useMutation({
    mutationFn: async () => {
      const { data, error } = await send({ dry_run: true });
      if (error) throw error;
      return data as Schemas["Preview"];
    },
  });
  const annul = useMutation({
    mutationFn: async (fingerprint: string) => {
      const { error } = await send({ fingerprint });
      if (error) throw error;
    },
    onSuccess: async () => {
      void notice(t`Đã hủy bỏ quyết định`);
      await queries.invalidateQueries();
    },
  });
  const preview = look.data;
  return (
    <Alert color="orange" title={t`Hủy bỏ: quyết định này chưa bao giờ xảy ra`}>
      <Stack gap="sm">
        <Text size="sm">
          <Trans>
            Quyết định vẫn được lưu cùng lý do, nhưng không khôi phục được. Việc đã xảy ra rồi bị
            thu hồi thì ghi bằng một quyết định mới.
          </Trans>
        </Text>
        <Textarea
          label={t`Lý do`}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {(look.error ?? annul.error) && <Failure error={look.error ?? annul.error} />}
        {preview && <PreviewView preview={preview} />}
        <Group>
          <Button
            variant="default"
            disabled={reason.trim() === ""}
            loading={look.isPending}
            onClick={() => look.mutate()}
          >
            <Trans>Xem trước</Trans>
          </Button>
          {preview && (
            <Button loading={annul.isPending} onClick={() => annul.mutate(preview.fingerprint)}>
              <Trans>Hủy bỏ quyết định</Trans>
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
