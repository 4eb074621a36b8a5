import type { DoctorReport } from "../../../protocol/records.ts";
import { table } from "../markdown.ts";

/** What the doctor found; `undefined`: it could not be asked. */
export function doctorSection(report: DoctorReport | undefined, error: string | undefined): string {
  if (report === undefined) return `The diagnosis did not run: ${error ?? "unknown"}`;
  const rows = report.checks
    .filter(({ status }) => status !== "skipped")
    .map(({ title, status, code, message, remedy }) => [
      status === "ok" ? "ok" : `**${status}**`,
      title,
      [message, ...(code === undefined ? [] : [`(${code})`])].join(" "),
      status === "ok" ? "" : (remedy ?? ""),
    ]);
  const skipped = report.checks.filter(({ status }) => status === "skipped");
  const left =
    skipped.length === 0 ? [] : [`Skipped: ${skipped.map(({ title }) => title).join(", ")}.`];
  return [table(["", "check", "seen", "remedy"], rows), ...left].join("\n\n");
}
