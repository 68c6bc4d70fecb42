/** What a measure counts, in words. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";

type UnitOfMeasure = Schemas["UnitTotal"]["unit_of_measure"];

/** A thing is anything that can be counted: the name of the measure says what. More may come. */
export const UNITS_OF_MEASURE: { [unit in Exclude<UnitOfMeasure, "thing">]: MessageDescriptor } & {
  [other: string]: MessageDescriptor | undefined;
} = {
  person: msg`người`,
  participation: msg`lượt`,
  family: msg`gia đình`,
  collective: msg`tập thể`,
  unit: msg({ message: "đơn vị", context: "đơn vị tính" }),
  grassroots_union: msg`công đoàn cơ sở`,
  event: msg`cuộc, buổi`,
  award: msg`lượt khen`,
  agreement: msg`bản thỏa thuận`,
  gift: msg`suất quà`,
  initiative: msg`sáng kiến`,
  vnd: msg`đồng`,
  percent: msg`%`,
};
