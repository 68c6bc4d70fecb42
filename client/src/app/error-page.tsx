import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Stack } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { Empty } from "@/components/empty";
import { Failure } from "@/components/failure";
import { ButtonLink } from "@/components/link";

export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useLingui();
  const router = useRouter();
  return (
    <Stack maw={640} mx="auto" py="xl">
      <Failure title={t`Trang này gặp lỗi`} error={error} onRetry={() => router.invalidate()} />
      <Group>
        <ButtonLink to="/" variant="default">
          <Trans>Về trang đầu</Trans>
        </ButtonLink>
      </Group>
    </Stack>
  );
}

export function NotFoundPage() {
  return (
    <Empty title={<Trans>Không có trang này</Trans>}>
      <ButtonLink to="/" mt="sm">
        <Trans>Về trang đầu</Trans>
      </ButtonLink>
    </Empty>
  );
}
