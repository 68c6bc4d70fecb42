/** What a record has to do with others: seen at both, changed where it is told. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { X } from "lucide-react";
import { lazy, Suspense } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { Failure } from "../failure";
import { RecordLine } from "./record-line";
import { useRefresh } from "./requests";

const NewLink = lazy(() => import("./new-link"));

type LinkKind = Schemas["RecordLink"]["kind"];

/** As it is said of the record that names the other. */
export function useLinkNames(): Record<LinkKind, string> {
  const { t } = useLingui();
  return {
    same_event: t`Cùng một sự kiện với`,
    follows: t`Tiếp theo từ`,
    part_of: t`Là một phần của`,
  };
}

/** As it is said of the record that is named. */
function useBackwardNames(): Record<LinkKind, string> {
  const { t } = useLingui();
  return {
    same_event: t`Cùng một sự kiện với`,
    follows: t`Dẫn đến`,
    part_of: t`Gồm có`,
  };
}

type Props = { record: Schemas["Head"] };

export default function Links({ record }: Props) {
  const { t } = useLingui();
  const names = useLinkNames();
  const backwards = useBackwardNames();
  const refresh = useRefresh();
  const [isAdding, adding] = useDisclosure();
  const { id, version } = record;
  const { data, error, refetch } = api.useQuery("get", "/api/v1/records/{id}/links", {
    params: { path: { id }, query: { limit: 200 } },
  });
  const remove = api.useMutation("delete", "/api/v1/records/{id}/links/{kind}/{other}", {
    onSettled: refresh,
  });
  const mayChange = record.allowed_actions.includes("edit");
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data || (!mayChange && data.items.length === 0)) return null;
  return (
    <Stack gap="xs" mt="md">
      <Title order={3} size="h5">
        <Trans>Liên quan</Trans>
      </Title>
      {data.items.map(({ kind, is_own, record: other }) => (
        <Group key={`${kind} ${is_own} ${other.id}`} gap="xs" wrap="nowrap" align="flex-start">
          <div style={{ flex: 1 }}>
            <Text size="sm" c="dimmed">
              {(is_own ? names : backwards)[kind]}
            </Text>
            <RecordLine record={other} />
          </div>
          {mayChange && is_own && (
            <ActionIcon
              variant="default"
              aria-label={t`Bỏ liên quan với “${other.title}”`}
              loading={remove.isPending}
              onClick={() =>
                remove.mutate({
                  params: { path: { id, kind, other: other.id }, header: ifMatch(version) },
                })
              }
            >
              <X aria-hidden size={14} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {remove.error && <Failure error={remove.error} />}
      {mayChange && !isAdding && (
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          className="no-print"
          onClick={adding.open}
        >
          <Trans>Thêm mục liên quan</Trans>
        </Button>
      )}
      {isAdding && (
        <Suspense>
          <NewLink record={record} onClose={adding.close} />
        </Suspense>
      )}
    </Stack>
  );
}
