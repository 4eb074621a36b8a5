import type { EngineState } from "../../engine/engine.ts";
import { createRedact, type PrivateFacts, type Redact } from "../../logs/redact.ts";
import type { EditorFacts } from "../../protocol/editorFacts.ts";
import type { DoctorReport } from "../../protocol/records.ts";
import type { Stats } from "../../protocol/stats.ts";
import { readTails, type LogTail, type LogTails } from "./readTails.ts";
import { doctorSection } from "./sections/doctor.ts";
import { environmentSection } from "./sections/environment.ts";
import { errorsSection } from "./sections/errors.ts";
import { logTailSection } from "./sections/logTail.ts";
import { settingsSection } from "./sections/settings.ts";
import { statsSection } from "./sections/stats.ts";
import { toFillSection } from "./sections/toFill.ts";

/** Names in models and answers of servers must not move the cursor of whoever reads the page. */
const control = /[^\P{Cc}\t\n]/gu;

/** Where a report comes from. Each may fail: the page then says so. */
export interface ReportSources {
  readonly version: string;
  readonly productRoot: string;
  readonly logFolder: string;
  readonly modelPath: string;
  readonly facts?: EditorFacts;
  readonly now: Date;
  readonly runDoctor: () => Promise<DoctorReport>;
  readonly readStats: () => Stats;
  /** Asked after the doctor, who may have started it. */
  readonly engine: () => EngineState;
  readonly privateFacts: PrivateFacts;
}

export interface Report {
  readonly markdown: string;
  /** Places where a secret or a private path was taken out. */
  readonly redactions: number;
  /** The ends of the log files, as they may be passed on: name and text. */
  readonly logs: readonly { readonly name: string; readonly text: string }[];
}

/** Gathers a report, without secrets and source text. Never rejects. */
export async function createReport(sources: ReportSources): Promise<Report> {
  const { facts, engine, now, version } = sources;
  const doctor = await attempt(sources.runDoctor);
  const stats = await attempt(sources.readStats);
  const tails = readTails(sources.logFolder);
  const records = tails.files
    .flatMap((file) => file.records)
    .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
  const redact = createRedact(sources.privateFacts);
  let early = 0;
  const redactEarly = (given: string): string => {
    const { text, count } = redact(given);
    early += count;
    return text;
  };
  const sections: readonly (readonly [string, string])[] = [
    ["What happened", toFillSection()],
    ["Environment", environmentSection({ ...sources, engine: engine() })],
    ["Diagnosis", doctorSection(doctor.value, doctor.error)],
    ["Settings that differ from the defaults", settingsSection(facts?.settings)],
    ["Recent errors", errorsSection(records)],
    ["Statistics", statsSection(stats.value)],
    ["Log", logTailSection(records, tails, redactEarly)],
  ];
  const page = [
    "# Report of StarCoder Local",
    `Made ${now.toISOString()} by version ${version}. Secrets, the path of your home folder and source text were taken out; please look it over before you share it.`,
    ...sections.map(([title, body]) => `## ${title}\n\n${body}`),
  ].join("\n\n");
  const { text, count } = redact(`${page.replace(control, "")}\n`);
  return { markdown: text, redactions: early + count, logs: logsOf(tails, redact) };
}

/** A page that was written before, with the ends of the logs as they are now; redacted once more. */
export function reportOf(
  page: string,
  { logFolder, privateFacts }: Pick<ReportSources, "logFolder" | "privateFacts">,
): Report {
  const redact = createRedact(privateFacts);
  const { text, count } = redact(page);
  return { markdown: text, redactions: count, logs: logsOf(readTails(logFolder), redact) };
}

function logsOf({ files }: LogTails, redact: Redact): Report["logs"] {
  return files.flatMap((file) => logOf(file, redact));
}

function logOf(file: LogTail, redact: Redact): Report["logs"] {
  const { name, records, output } = file;
  const text = output ?? records.map((record) => `${JSON.stringify(record)}\n`).join("");
  return text === "" ? [] : [{ name: redact(name).text, text: redact(text).text }];
}

async function attempt<Value>(
  read: () => Value | Promise<Value>,
): Promise<{ readonly value?: Value; readonly error?: string }> {
  try {
    return { value: await read() };
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
