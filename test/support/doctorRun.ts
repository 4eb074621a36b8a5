import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import {
  doctorReportSchema,
  type DoctorCheck,
  type DoctorReport,
} from "../../server/protocol/records.ts";

export const cliScript = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { readonly version: string };

export interface DoctorRun {
  readonly code: number | null;
  readonly report: DoctorReport;
  /** The check of that name; throws where there is none. */
  readonly of: (name: string) => DoctorCheck;
}

export interface DoctorRunOptions {
  readonly home: string;
  readonly args?: readonly string[];
  readonly facts?: EditorFacts;
  readonly env?: Readonly<Record<string, string>>;
  /** Another copy of the product. */
  readonly script?: string;
}

/** Facts of an editor in which nothing is wrong; the settings as the user set them. */
export function factsWith(
  settings: Readonly<Record<string, unknown>> = {},
  changes: Partial<EditorFacts> = {},
): EditorFacts {
  return {
    editor: { name: "Editor", version: "1.110.0" },
    extensionVersion: version,
    side: "local",
    trusted: true,
    inlineSuggestEnabled: true,
    quickSuggestions: { other: "offWhenInlineCompletions" },
    completionExtensions: [],
    settings: { ...settings },
    server: { state: "running" },
    ...changes,
  };
}

/** Runs `starcoder doctor --json` as a process of its own. */
export async function runDoctorProcess(options: DoctorRunOptions): Promise<DoctorRun> {
  const { home, args = [], facts, env = {}, script = cliScript } = options;
  const all = [script, "doctor", "--json", ...args, ...(facts ? ["--facts", "-"] : [])];
  const child = spawn(process.execPath, all, {
    env: { ...process.env, STARCODER_HOME: home, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(facts === undefined ? "" : JSON.stringify(facts));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (stdout === "") throw new Error(`doctor printed nothing: ${stderr}`);
  const report = doctorReportSchema.parse(JSON.parse(stdout));
  return {
    code,
    report,
    of(name) {
      const check = report.checks.find((one) => one.name === name);
      if (check === undefined) throw new Error(`There is no check ${name}.`);
      return check;
    },
  };
}
