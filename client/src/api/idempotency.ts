/**
 * One key for each POST that is meant. What got no answer may have been done: the same thing sent again goes with the
 * same key, so that it is not done twice.
 */

/** The keys of what is not known to be done, by address, version and body. */
const open = new Map<string, string>();

export async function keyOf(request: Request): Promise<string> {
  const body = await request.clone().text();
  const meant = [request.url, request.headers.get("If-Match"), body].join("\n");
  const key = open.get(meant) ?? crypto.randomUUID();
  open.set(meant, key);
  return key;
}

/** To be told of what succeeded: the same thing sent after it is meant anew. What was refused is tried afresh. */
export function done(key: string | null): void {
  for (const [meant, known] of open) if (known === key) open.delete(meant);
}
