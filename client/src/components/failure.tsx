/** A failure, told to whoever meets it, with the id by which the operator finds it. */
import { Trans } from "@lingui/react/macro";
import { Alert, Button, CopyButton, Group, List, Text } from "@mantine/core";
import { CircleAlert } from "lucide-react";
import { fieldErrors, isProblem, sentenceOf } from "@/api/problem";
import { ClosedPeriod } from "./closed-period";
import type { Fields } from "./fields/field";
import { usePlaceName } from "./place-name";

type Props = {
  error: unknown;
  onRetry?: () => void;
  title?: string;
  /** Of the form that was refused: by their labels its places are known. */
  fields?: Fields;
};

export function Failure({ error, onRetry, title, fields }: Props) {
  const placeName = usePlaceName(fields);
  const wrong = fieldErrors(error);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<CircleAlert aria-hidden />}
      title={title}
      role="alert"
    >
      {isProblem(error) && error.code === "period_locked" ? (
        <ClosedPeriod params={error.params} />
      ) : (
        <Text size="sm">{sentenceOf(error)}</Text>
      )}
      {wrong.length > 0 && (
        <List size="sm" mt="xs">
          {wrong.map(({ place, sentence }) => {
            const name = placeName(place);
            return (
              <List.Item key={`${place} ${sentence}`}>
                {name && <b>{name}: </b>}
                {sentence}
              </List.Item>
            );
          })}
        </List>
      )}
      <Group gap="xs" mt="xs">
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            <Trans>Thử lại</Trans>
          </Button>
        )}
        {isProblem(error) && <RequestId id={error.request_id} />}
      </Group>
    </Alert>
  );
}

export function RequestId({ id }: { id: string }) {
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy}>
          {copied ? <Trans>Đã sao chép mã yêu cầu</Trans> : <Trans>Sao chép mã yêu cầu</Trans>}
        </Button>
      )}
    </CopyButton>
  );
}
