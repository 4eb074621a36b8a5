import { setTimeout as delay } from "node:timers/promises";
import { InvalidArgumentError, Option } from "commander";
import { apiRecordSchema, type ApiRecord } from "../protocol/api.ts";
import { CodedError } from "../protocol/errors.ts";
import { settingProblemToError } from "../protocol/parseSettings.ts";
import { defaultSettings } from "../protocol/settings.ts";
import { apiKeyPath, openApiKey, rotateApiKey } from "../state/apiKey.ts";
import { apiAddress, apiLockPath, readApiRun } from "../state/apiRun.ts";
import { locateHome } from "../state/home.ts";
import { isHeld } from "../state/soleHolder.ts";
import type { CommandLine, Flags, Register } from "./commandLine.ts";
import { composeApi, ownSettings, serve } from "./composeApi.ts";
import { engineSettingsOf } from "./engineFlags.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";
import { serveAsChild } from "./serveChild.ts";

interface ServeFlags extends Flags {
  readonly port?: number;
  readonly showKey?: boolean;
  readonly rotateKey?: boolean;
  readonly status?: boolean;
  readonly child?: boolean;
}

/** How often it is looked whether the process that serves is gone. */
const lookEveryMs = 1000;

/** `starcoder serve`: the loopback API, until Ctrl-C. */
export const registerServe: Register = (program, cli) => {
  cli
    .add(program, "serve", "the HTTP API on this machine, for scripts and other editors")
    .option("--port <N>", "port on 127.0.0.1 instead of 3745", toPort)
    .option("--status", "only say whether and where it is served")
    .option("--show-key", "only print the key that requests need")
    .option("--rotate-key", "only make a new key; the old one is refused at once")
    .addOption(new Option("--child", "for the language server").hideHelp())
    .action((flags: ServeFlags) => {
      if (flags.child === true) {
        serveAsChild();
        return undefined;
      }
      if (flags.status === true || flags.showKey === true || flags.rotateKey === true) {
        return cli.runPlain(flags, () => Promise.resolve(describe(flags)));
      }
      return cli.runPlain(flags, () => serveUntilInterrupted(cli, flags));
    });
};

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port from 1 to 65535.");
}

function recordOf(flags: ServeFlags, more: Partial<ApiRecord> = {}): ApiRecord {
  const homePath = locateHome();
  const run = readApiRun(homePath);
  const port = run?.port ?? flags.port ?? defaultSettings["http.port"];
  return apiRecordSchema.parse({
    ...{ serving: run !== undefined, address: apiAddress(port), pid: run?.pid },
    keyFile: apiKeyPath(homePath),
    ...more,
  });
}

function describe(flags: ServeFlags): CommandOutcome {
  const homePath = locateHome();
  if (flags.rotateKey === true) {
    rotateApiKey(homePath);
    const shown = flags.showKey === true ? { key: openApiKey(homePath) } : {};
    const record = recordOf(flags, { rotated: true, ...shown });
    return {
      record,
      text: record.key ?? `A new key lies in ${record.keyFile}; the old one is refused.`,
      exitCode: exitCodes.done,
    };
  }
  if (flags.showKey === true) {
    const key = openApiKey(homePath);
    return { record: recordOf(flags, { key }), text: key, exitCode: exitCodes.done };
  }
  const record = recordOf(flags);
  const text = record.serving
    ? `Served at ${record.address ?? ""} by process ${String(record.pid ?? "")}.`
    : "Not served.";
  return { record, text, exitCode: exitCodes.done };
}

async function serveUntilInterrupted(cli: CommandLine, flags: ServeFlags): Promise<CommandOutcome> {
  const { terminal } = cli;
  const signal = cli.untilInterrupted();
  const chosen = { ...defaultSettings, ...engineSettingsOf(flags) };
  const settings = flags.port === undefined ? chosen : { ...chosen, "http.port": flags.port };
  const product = composeApi(settings);
  const [problem] = product.apply(ownSettings(settings));
  let told = false;
  try {
    if (problem !== undefined) throw settingProblemToError(problem);
    for (;;) {
      const lost = new AbortController();
      const serving = await serve(product, () => lost.abort());
      if (serving.kind === "serving") {
        product.followChoice();
        product.reportEndpoints();
        const record = recordOf(flags);
        terminal.out(flags.json === true ? JSON.stringify(record) : textOf(record));
        await untilAborted(signal, lost.signal);
        await serving.close();
        if (!signal.aborted) throw new CodedError("LOCK_HELD", "Another process serves now.");
        return { record, text: "", printed: true, exitCode: exitCodes.done };
      }
      if (!told)
        terminal.error(
          `${describe(flags).text} This one takes over when that one ends; Ctrl-C ends the wait.`,
        );
      told = true;
      await untilFree(signal);
      if (signal.aborted) {
        return { record: recordOf(flags), text: "", printed: true, exitCode: exitCodes.done };
      }
    }
  } finally {
    product.dispose();
  }
}

function textOf({ address, keyFile }: ApiRecord): string {
  return [
    `Serving at ${address ?? ""}. Ctrl-C ends it.`,
    `Requests need the key in ${keyFile}: \`starcoder serve --show-key\` prints it.`,
    `${address ?? ""}/openapi.json lists the routes.`,
  ].join("\n");
}

async function untilAborted(...signals: readonly AbortSignal[]): Promise<void> {
  while (!signals.some(({ aborted }) => aborted)) {
    await delay(60_000, undefined, { signal: AbortSignal.any([...signals]) }).catch(ignore);
  }
}

async function untilFree(signal: AbortSignal): Promise<void> {
  while (!signal.aborted && isHeld(apiLockPath(locateHome()))) {
    await delay(lookEveryMs, undefined, { signal }).catch(ignore);
  }
}

/** Nobody waits any more. */
function ignore(): void {
  return undefined;
}
