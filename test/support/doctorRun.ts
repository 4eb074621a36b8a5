import { readFileSync } from "node:fs";
import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import {
  doctorReportSchema,
  type DoctorCheck,
  type DoctorReport,
} from "../../server/protocol/records.ts";
import { runCli } from "./cliProcess.ts";

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
  const { args = [], facts, ...where } = options;
  const all = ["doctor", "--json", ...args, ...(facts ? ["--facts", "-"] : [])];
  const input = facts === undefined ? "" : JSON.stringify(facts);
  const { code, stdout, stderr } = await runCli(all, { ...where, input });
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
