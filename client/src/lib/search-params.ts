/** What stands behind the ? of an address, read with care: anybody may write anything there. */
export type Search = Record<string, unknown>;

export const text = (value: unknown): string | undefined =>
  value === undefined || value === "" || value === null ? undefined : String(value);
export const day = (value: unknown): string | undefined =>
  /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined;
export const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((known) => known === value);
