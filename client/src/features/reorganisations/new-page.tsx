/** A new decision; or one that reverses an earlier one, whose lines are drafted by the API. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, List, Stack } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { api } from "@/api/client";
import { Page, Pending } from "@/components/page";
import { UnitName } from "@/components/unit-link";
import { DecisionForm } from "./decision-form";
import { emptyLine } from "./line-fields";
import { useAspectNames } from "./states";
import { NO_PAPER } from "./use-decision";

export default function NewReorganisationPage() {
  const { t } = useLingui();
  const { reverses, on } = useSearch({ from: "/reorganisations/new" });
  const nothing = { paper: NO_PAPER, documentId: null, day: "", lines: [emptyLine("transfer")] };
  return (
    <Page title={reverses ? t`Ghi quyết định khôi phục` : t`Ghi quyết định sắp xếp`}>
      {reverses && on ? (
        <Reversal key={`${reverses} ${on}`} id={reverses} on={on} />
      ) : (
        <DecisionForm begun="new" initial={nothing} />
      )}
    </Page>
  );
}

function Reversal({ id, on }: { id: number; on: string }) {
  const { t } = useLingui();
  const aspects = useAspectNames();
  const params = { path: { id }, query: { effective_on: on } };
  const query = api.useQuery("get", "/api/v1/reorganisations/{id}:draft_reversal", { params });
  const { data } = query;
  if (!data) return <Pending query={query} />;
  const { effective_on: day, lines, left_alone: left } = data;
  return (
    <Stack>
      {left.length > 0 && (
        <Alert color="yellow" title={t`Đã thay đổi từ đó nên giữ nguyên`}>
          <List size="sm">
            {left.map(({ unit, aspect }) => (
              <List.Item key={`${unit} ${aspect}`}>
                <UnitName code={unit} />: {aspects[aspect] ?? aspect}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {lines.length === 0 ? (
        <Trans>Không còn gì để khôi phục vào ngày này.</Trans>
      ) : (
        <DecisionForm
          begun={`reversal/${id}/${on}`}
          initial={{ paper: NO_PAPER, documentId: null, day, lines }}
        />
      )}
    </Stack>
  );
}
