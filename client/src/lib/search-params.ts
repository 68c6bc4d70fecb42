/** What stands behind the ? of an address, read with care: anybody may write anything there. */
export type Search = Record<string, unknown>;

export const text = (value: unknown): string | undefined =>
  value === undefined || value === "" || value === null ? undefined : String(value);
export const day = (value: unknown): string | undefined =>
  /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined;
/** A period as the API writes it. The router reads a year as a number. */
export const periodText = (value: unknown): string | undefined => text(value)?.slice(0, 60);
export const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((known) => known === value);
