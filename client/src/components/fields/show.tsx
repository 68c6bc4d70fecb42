/** The value of a field, as people read it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import { formatDay, formatNumber } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { formatQuantity, formatTold, type Qualifier } from "@/lib/quantity";
import { isSame } from "@/lib/same";
import { TextLink } from "../link";
import { useActivityKinds, useAwardTitles, useMeasures, useReturnForms } from "../names";
import { namedKind } from "../record/kinds/named";
import { pagesOf } from "../record/pages";
import { UnitLink, UnitName } from "../unit-link";
import type { Field, Fields, Figure, Reference, Values } from "./field";
import { QUALIFIERS } from "./options";
import { useReferenceName } from "./references";

type Props = {
  field: Field;
  value: unknown;
  /** The values that stand beside it. */
  beside: Values;
  /** Whether what has a page of its own is the way to it. */
  withLinks?: boolean;
  /** Whether several values stand in one line. */
  isInline?: boolean;
};

export function Show(props: Props): ReactNode {
  const { field, value, beside, withLinks = false, isInline = false } = props;
  const { i18n } = useLingui();
  if (isSame(value, null)) return "–";
  switch (field.type) {
    case "unit":
      return <Unit code={value as string} withLinks={withLinks} />;
    case "units":
      return several(
        (value as string[]).map((code) => <Unit key={code} code={code} withLinks={withLinks} />),
        isInline,
      );
    case "reference":
      return <Named to={field.to} id={value as number} withLinks={withLinks} />;
    case "references":
      return several(
        (value as number[]).map((id) => (
          <Named key={id} to={field.to} id={id} withLinks={withLinks} />
        )),
        isInline,
      );
    case "rows":
      return (value as Values[]).map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
        <div key={at}>
          <Row columns={field.columns} row={row} />
        </div>
      ));
    case "figures":
      return (value as Figure[]).map((figure, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: figures have no other name
        <div key={at}>
          <FigureLine figure={figure} />
        </div>
      ));
    case "number":
      return field.sure
        ? formatQuantity(value as number, beside[field.sure] as Qualifier)
        : formatNumber(value as number);
    case "choice": {
      const label = field.options[value as string];
      return label ? i18n._(label) : (value as string);
    }
    case "qualifier":
      return i18n._(QUALIFIERS[value as Qualifier]);
    case "yes_no":
      return value ? <Trans>có</Trans> : <Trans>không</Trans>;
    case "day":
      return formatDay(value as string);
    case "period":
      return formatPeriod(value as string);
    case "lines":
      return several(value as string[], isInline);
    case "person": {
      const { name, position } = value as { name: string; position?: string | null };
      return [name, position].filter(Boolean).join(", ");
    }
    case "activity_kind":
      return <ActivityKindName code={value as string} />;
    case "award_title":
      return <AwardTitleName code={value as string} />;
    case "return_form":
      return <ReturnFormName code={value as string} />;
    case "long_text":
      return <span style={{ whiteSpace: "pre-wrap" }}>{value as string}</span>;
    case "text":
      return value as string;
  }
}

/** One below the other, or one after the other. */
const several = (values: ReactNode[], isInline: boolean) =>
  values.map((value, at) =>
    isInline ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the order is fixed
      <Fragment key={at}>
        {at > 0 && ", "}
        {value}
      </Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the order is fixed
      <div key={at}>{value}</div>
    ),
  );

function Unit({ code, withLinks }: { code: string; withLinks: boolean }) {
  return withLinks ? <UnitLink code={code} /> : <UnitName code={code} />;
}

function Named({ to, id, withLinks }: { to: Reference; id: number; withLinks: boolean }) {
  const name = useReferenceName(to, id);
  const page = pageOf(to);
  if (!withLinks || !page) return name;
  return (
    <TextLink to={page} params={{ id: String(id) }}>
      {name}
    </TextLink>
  );
}

/** Where it is told of; papers have no page. */
function pageOf(to: Reference) {
  if (to === "partner") return "/partners/$id";
  const kind = to === "document" ? undefined : namedKind(to);
  return kind && pagesOf(kind).one;
}

/** What it is of, and what is told: for all under the unit, or for another time than the record's, where that is so. */
function FigureLine({ figure }: { figure: Figure }) {
  const { nameOf, measureOf } = useMeasures();
  const { measure, coverage, period, quantity, text } = figure;
  return (
    <>
      {nameOf(measure)}: {formatTold(quantity, measureOf(measure)?.decimals)}
      {coverage === "consolidated" && (
        <>
          {" · "}
          <Trans>toàn đơn vị</Trans>
        </>
      )}
      {period && ` · ${formatPeriod(period)}`}
      {text && ` (“${text}”)`}
    </>
  );
}

function ActivityKindName({ code }: { code: string }) {
  return useActivityKinds().nameOf(code);
}

function AwardTitleName({ code }: { code: string }) {
  return useAwardTitles().nameOf(code);
}

function ReturnFormName({ code }: { code: string }) {
  return useReturnForms().nameOf(code);
}

/** What is told in a row, one after the other. A number says itself how sure it is; a yes or no needs its name. */
function Row({ columns, row }: { columns: Fields; row: Values }) {
  const { i18n } = useLingui();
  const told = Object.entries(columns).filter(
    ([name, { type }]) => type !== "qualifier" && !isSame(row[name], null),
  );
  return told.map(([name, field], at) => (
    <span key={name}>
      {at > 0 && " · "}
      {(field.type === "yes_no" || field.type === "day") && (
        <Text span size="sm" c="dimmed">
          {i18n._(field.label)}:{" "}
        </Text>
      )}
      <Show field={field} value={row[name]} beside={row} withLinks />
    </span>
  ));
}
