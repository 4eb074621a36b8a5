import { writeFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { CodedError } from "../../protocol/errors.ts";
import type { Report } from "./report.ts";

/**
 * Writes a report as a zip file: the page and the ends of the logs.
 * @throws CodedError `VALIDATION_ERROR` when the file is there and may not be replaced, `DISK_FULL`, or
 * `VALIDATION_ERROR` with the system's reason.
 */
export function saveZip(path: string, report: Report, options: { readonly force: boolean }): void {
  const files = Object.fromEntries([
    ["report.md", strToU8(report.markdown)],
    ...report.logs.map(({ name, text }) => [`logs/${name}`, strToU8(text)] as const),
  ]);
  try {
    writeFileSync(path, zipSync(files), { flag: options.force ? "w" : "wx", mode: 0o600 });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const system = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (system === "EEXIST") {
      throw new CodedError("VALIDATION_ERROR", `${path} is there already; --force replaces it.`);
    }
    throw new CodedError(system === "ENOSPC" ? "DISK_FULL" : "VALIDATION_ERROR", reason, thrown);
  }
}
