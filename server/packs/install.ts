import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import pacote from "pacote";
import { installJobSchema, type InstallAnswer } from "./installProtocol.ts";
import { readNpmConfig } from "./npmConfig.ts";

/*
 * Fetches packages from the user's registry and unpacks them: a program of its own, so that npm's
 * libraries are loaded only when something is installed. Runs no script of a package.
 */

async function install(): Promise<InstallAnswer> {
  const job = installJobSchema.parse(JSON.parse(await text(process.stdin)));
  const { env, execPath } = process;
  const config = readNpmConfig({ env, execPath, userFolder: homedir() });
  for (const { spec, folder, integrity } of job.packages) {
    try {
      await pacote.extract(spec, folder, {
        ...config,
        cache: job.cacheFolder,
        timeout: job.silenceMs,
        retry: { retries: 1, factor: 1, minTimeout: 500, maxTimeout: 1000 },
        ...(integrity === undefined ? {} : { integrity }),
      });
    } catch (thrown) {
      return { ok: false, spec, reason: reasonOf(thrown) };
    }
  }
  return { ok: true };
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = "code" in thrown && typeof thrown.code === "string" ? `${thrown.code}: ` : "";
  // npm's messages carry the hashes that differ, line by line.
  return `${code}${thrown.message.split("\n")[0] ?? ""}`.slice(0, 500);
}

const answer = await install().catch((thrown: unknown): InstallAnswer => ({
  ok: false,
  spec: "",
  reason: reasonOf(thrown),
}));
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
