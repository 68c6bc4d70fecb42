/** The real server on a database of its own, with the demo data and the built client. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A database of its own: in the PostgreSQL that `scripts/with-postgres.sh` runs, where it does, else a file. */
function databaseIn(folder: string): string {
  const { TEST_POSTGRES: cluster, TEST_POSTGRES_BIN: bin } = process.env;
  if (!cluster) return `sqlite://${join(folder, "liendoan.db")}`;
  const database = new URL(cluster);
  database.pathname = `/e2e_${process.pid}`;
  const create = `CREATE DATABASE e2e_${process.pid}`;
  execFileSync(join(bin ?? "", "psql"), ["-X", "-q", "-d", cluster, "-c", create]);
  return database.href;
}

/** Starts it. `origin` is where browsers find it, if a proxy stands before it, and `config` a file for the program. */
export async function serve({ origin, config }: { origin?: string; config?: string } = {}) {
  const program = resolve(process.env.LIENDOAN ?? "../target/debug/liendoan");
  const folder = mkdtempSync(join(tmpdir(), "liendoan-e2e."));
  const base = `http://127.0.0.1:${await freePort()}`;
  const accounts = join(folder, "accounts.txt");
  const env = {
    ...process.env,
    LIENDOAN_DATABASE__URL: databaseIn(folder),
    LIENDOAN_FILES__FOLDER: join(folder, "files"),
    LIENDOAN_ACCESS__SECRET_FILE: join(folder, "secret.key"),
    LIENDOAN_ACCESS__ISSUER: origin ?? base,
    LIENDOAN_SERVER__LISTEN: new URL(base).host,
    LIENDOAN_CLIENT__FOLDER: resolve("dist"),
    LIENDOAN_LOG__LEVEL: "warn",
  };
  execFileSync(program, ["secret"], { env, stdio: "ignore" });
  execFileSync(program, ["demo", "--accounts-file", accounts], { env, stdio: "ignore" });
  const args = config ? ["serve", "--config", config] : ["serve"];
  const server = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  // It says so once it answers.
  await once(server.stdout, "data");
  const stop = async () => {
    server.kill("SIGTERM");
    await once(server, "exit");
    rmSync(folder, { recursive: true });
  };
  return { base, accounts: readFileSync(accounts, "utf8"), stop };
}

/** For all tests of a run, which find `BASE_URL` and `ACCOUNTS` in the environment; what is returned stops it. */
export default async function start(): Promise<() => Promise<void>> {
  const { base, accounts, stop } = await serve();
  process.env.BASE_URL = base;
  process.env.ACCOUNTS = accounts;
  return stop;
}
