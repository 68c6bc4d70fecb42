/** The value of one field of an activity, as people read it. */
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { api } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { formatQuantity } from "@/lib/quantity";
import { useActivityKinds } from "../names";
import { STATUSES } from "../state-badge";
import { UnitLink, UnitName } from "../unit-link";
import type { Content, Field } from "./fields";
import { useSourceNames } from "./sources";

type Props = {
  content: Content;
  field: Field;
  /** Whether a unit is the way to its page. */
  withLinks?: boolean;
};

export function FieldValue({ content, field, withLinks = false }: Props) {
  const { i18n } = useLingui();
  const { nameOf } = useActivityKinds();
  const sources = useSourceNames();
  const count = (number: number | null | undefined) => number != null && formatNumber(number);
  const lines = (lines: ReactNode[] | undefined) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the order is fixed
    lines?.length ? lines.map((line, at) => <div key={at}>{line}</div>) : null;
  const values: Record<Field, () => ReactNode> = {
    unit: () => (withLinks ? <UnitLink code={content.unit} /> : <UnitName code={content.unit} />),
    kind: () => nameOf(content.kind),
    status: () => i18n._(STATUSES[content.status]),
    title: () => content.title,
    period: () => formatPeriod(content.period),
    place: () => content.place,
    text: () => content.text && <span style={{ whiteSpace: "pre-wrap" }}>{content.text}</span>,
    participants: () => count(content.participants),
    women: () => count(content.women),
    beneficiaries: () => count(content.beneficiaries),
    amounts: () =>
      lines(
        content.amounts?.map(
          ({ amount, qualifier, source }) =>
            `${formatQuantity(amount, qualifier)} đ (${sources[source ?? ""]})`,
        ),
      ),
    goods: () =>
      lines(
        content.goods?.map(({ quantity, qualifier, unit, name }) =>
          [formatQuantity(quantity, qualifier), unit, name].filter(Boolean).join(" "),
        ),
      ),
    partners: () => lines(content.partners?.map((id) => <PartnerName key={id} id={id} />)),
    campaigns: () => lines(content.campaigns?.map((id) => <CampaignName key={id} id={id} />)),
    stated_figures: () =>
      lines(content.stated_figures?.map(({ subject, text }) => `${subject}: ${text}`)),
    documents: () => lines(content.documents?.map((id) => <DocumentName key={id} id={id} />)),
  };
  return values[field]() || "–";
}

/** A paper by its number and what it is about. */
function DocumentName({ id }: { id: number }) {
  const { t } = useLingui();
  const { data } = api.useQuery("get", "/api/v1/documents/{id}", { params: { path: { id } } });
  return [data?.number, data?.title].filter(Boolean).join(" · ") || t`Văn bản lưu thứ ${id}`;
}

function PartnerName({ id }: { id: number }) {
  const { t } = useLingui();
  const { data } = api.useQuery("get", "/api/v1/partners/{id}", { params: { path: { id } } });
  return data?.name ?? t`Đối tác thứ ${id}`;
}

function CampaignName({ id }: { id: number }) {
  const { t } = useLingui();
  const { data } = api.useQuery("get", "/api/v1/campaigns/{id}", { params: { path: { id } } });
  return data?.content.title ?? t`Phong trào thứ ${id}`;
}
