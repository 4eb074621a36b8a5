import type { DoctorCheck, DoctorReport } from "../protocol/records.ts";
import { escapeControls } from "./escapeControls.ts";

const marks: Readonly<Record<DoctorCheck["status"], string>> = {
  ok: "ok",
  warning: "warning",
  failed: "FAILED",
  timeout: "TIMEOUT",
  skipped: "skipped",
};

const groups: Readonly<Record<DoctorCheck["group"], string>> = {
  machine: "Machine",
  model: "Model",
  service: "Service",
  editor: "Editor",
  network: "Network",
};

/** What the doctor found, for people: by group, with what to do about what is not in order. */
export function describeDoctor(report: DoctorReport): string {
  const { checks, version, platform } = report;
  const width = Math.min(32, Math.max(...checks.map(({ title }) => title.length)));
  const names = Object.keys(groups) as DoctorCheck["group"][];
  const lines = names.flatMap((group) => {
    const own = checks.filter((check) => check.group === group);
    if (own.length === 0) return [];
    return [groups[group], ...own.flatMap((check) => describeCheck(check, width)), ""];
  });
  return [`StarCoder Local ${version} on ${platform}`, "", ...lines, countsOf(checks)].join("\n");
}

function describeCheck(check: DoctorCheck, width: number): readonly string[] {
  const { status, title, message, code, why, remedy, fixes } = check;
  const end = code === undefined ? "" : ` [${code}]`;
  const seen = escapeControls(message);
  const first = `  ${marks[status].padEnd(8)} ${escapeControls(title).padEnd(width)}  ${seen}${end}`;
  if (status === "ok" || status === "skipped") return [first];
  const indent = " ".repeat(11);
  const ways = fixes.flatMap(({ label, cli }) => (cli === undefined ? [] : `${label}: ${cli}`));
  return [
    first,
    `${indent}why:    ${why}`,
    ...(remedy === undefined ? [] : [`${indent}remedy: ${remedy}`]),
    ...ways.map((way) => `${indent}fix:    ${way}`),
  ];
}

function countsOf(checks: readonly DoctorCheck[]): string {
  const count = (...wanted: DoctorCheck["status"][]) =>
    checks.filter(({ status }) => wanted.includes(status)).length;
  const warnings = count("warning");
  return [
    `${checks.length} checks: ${count("ok")} ok`,
    `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
    `${count("failed", "timeout")} failed`,
    `${count("skipped")} skipped`,
  ].join(", ");
}
