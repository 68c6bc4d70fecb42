/** One partner: what is known of it, what likely is the same, and the records that name it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useHolds } from "@/components/account";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Show } from "@/components/fields/show";
import { valuesOf } from "@/components/fields/values";
import { TextLink } from "@/components/link";
import { Page, Pending, Section } from "@/components/page";
import { KINDS } from "@/components/record/kinds";
import { pagesOf } from "@/components/record/pages";
import { notice } from "@/lib/notice";
import { isSame } from "@/lib/same";
import { FIELDS } from "./fields";

const AskDialog = lazy(() => import("@/components/ask-dialog"));
const PartnerForm = lazy(() =>
  import("./partner-form").then((module) => ({ default: module.PartnerForm })),
);

type Partner = Schemas["Partner"];

export default function PartnerPage() {
  const { t } = useLingui();
  const id = Number(useParams({ from: "/partners/$id" }).id);
  const query = api.useQuery("get", "/api/v1/partners/{id}", { params: { path: { id } } });
  const [isEditing, editing] = useDisclosure();
  const { data } = query;
  if (!data) return <Pending query={query} />;
  return (
    <Page title={data.name}>
      {isEditing ? (
        <Suspense fallback={<Pending query={query} />}>
          <PartnerForm
            partner={data}
            initial={valuesOf(FIELDS, data)}
            onClose={editing.close}
            onSaved={async () => {
              void notice(t`Đã lưu`);
              editing.close();
            }}
          />
        </Suspense>
      ) : (
        <View partner={data} onEdit={editing.open} />
      )}
    </Page>
  );
}

function View({ partner, onEdit }: { partner: Partner; onEdit: () => void }) {
  const { i18n } = useLingui();
  const readsRecords = useHolds("records:read");
  const known = Object.entries(FIELDS).filter(
    ([name]) => name !== "name" && !isSame(partner[name as keyof Partner], null),
  );
  const naming = KINDS.filter(({ filters }) => filters.partner);
  return (
    <Stack maw={900} gap="lg">
      {partner.likely_duplicates && partner.likely_duplicates.length > 0 && (
        <Alert color="yellow" title={<Trans>Có thể là cùng một đối tác</Trans>}>
          {partner.likely_duplicates.map(({ id, name }) => (
            <div key={id}>
              <TextLink to="/partners/$id" params={{ id: String(id) }}>
                {name}
              </TextLink>
            </div>
          ))}
        </Alert>
      )}
      <Facts
        facts={known.map(([name, field]) => [
          i18n._(field.label),
          <Show
            key={name}
            field={field}
            value={partner[name as keyof Partner]}
            beside={partner}
            withLinks
          />,
        ])}
      />
      <Actions partner={partner} onEdit={onEdit} />
      {readsRecords && (
        <Section title={<Trans>Nơi có nêu đối tác này</Trans>}>
          <Group gap="md">
            {naming.map((kind) => (
              <TextLink key={kind.list} to={pagesOf(kind).list} search={{ partner: partner.id }}>
                {i18n._(kind.words.many)}
              </TextLink>
            ))}
          </Group>
        </Section>
      )}
    </Stack>
  );
}

function Actions({ partner, onEdit }: { partner: Partner; onEdit: () => void }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, asking] = useDisclosure();
  const remove = api.useMutation("delete", "/api/v1/partners/{id}", {
    onSuccess: async () => {
      await navigate({ to: "/partners" });
      await queries.invalidateQueries();
    },
  });
  const params = { path: { id: partner.id }, header: ifMatch(partner.version) };
  const may = (action: Partner["allowed_actions"][number]) =>
    partner.allowed_actions.includes(action);
  return (
    <Group gap="xs" className="no-print">
      {may("edit") && (
        <Button variant="default" onClick={onEdit}>
          <Trans>Sửa</Trans>
        </Button>
      )}
      {may("delete") && (
        <Button variant="default" c="var(--mantine-color-error)" onClick={asking.open}>
          <Trans>Xóa</Trans>
        </Button>
      )}
      {isAsking && (
        <Suspense>
          <AskDialog
            title={t`Không thể hoàn tác`}
            action={t`Xóa “${partner.name}”`}
            isBusy={remove.isPending}
            onConfirm={() => remove.mutate({ params })}
            onClose={asking.close}
          >
            <Trans>Đối tác này bị xóa. Nếu đã được nêu ở nơi khác thì không xóa được.</Trans>
            {remove.error && <Failure error={remove.error} />}
          </AskDialog>
        </Suspense>
      )}
    </Group>
  );
}
