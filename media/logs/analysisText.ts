import type { LogAnalysis } from "../../server/protocol/logs.ts";
import { formatBytes, formatCount, formatDateTime, formatMs } from "../parts/format.ts";
import { fileName } from "./recordText.ts";

/** The analysis as Markdown, to be pasted into an issue. */
export function toMarkdown(analysis: LogAnalysis): string {
  const { errors, latency, slowest, mostTokens, restarts, patterns, files } = analysis;
  const broken = analysis.brokenLines;
  return [
    "# StarCoder Local: analysis of the logs",
    `${formatCount(analysis.records)} records${rangeText(analysis)}, ${formatCount(broken)} broken lines, ${formatCount(files.length)} files.`,
    table("Levels", ["level", "records"], Object.entries(analysis.levels).map(counted)),
    table("Services", ["service", "records"], Object.entries(analysis.services).map(counted)),
    table(
      "Errors",
      ["count", "code", "message", "last", "remedy"],
      errors.map(({ count, code, message, lastTime, remedy }) => [
        formatCount(count),
        code ?? "",
        message,
        lastTime,
        remedy ?? "",
      ]),
    ),
    table(
      "Latency",
      ["service", "records", "p50", "p90", "p95", "p99", "max"],
      Object.entries(latency).map(([service, { count, p50, p90, p95, p99, max }]) => [
        service,
        formatCount(count),
        ...[p50, p90, p95, p99, max].map(formatMs),
      ]),
    ),
    table("Slow requests", requestTitles, slowest.map(requestCells)),
    table("Most tokens", requestTitles, mostTokens.map(requestCells)),
    table(
      "Restarts",
      ["time", "service", "message"],
      restarts.map(({ time, service, message }) => [time, service, message]),
    ),
    table(
      "Known patterns",
      ["pattern", "count", "last", "example", "what to do"],
      patterns.map(({ name, count, lastTime, example, remedy }) => [
        name,
        formatCount(count),
        lastTime,
        example,
        remedy,
      ]),
    ),
    table(
      "Files",
      ["file", "size", "broken lines", "error"],
      files.map(({ path, sizeBytes, brokenLines, error }) => [
        fileName(path),
        formatBytes(sizeBytes),
        formatCount(brokenLines ?? 0),
        error ?? "",
      ]),
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** `, 2026-11-24 14:03:27 to 2026-11-24 15:00:00`; empty where nothing counts. */
export function rangeText({ from, to }: LogAnalysis): string {
  return from === undefined || to === undefined
    ? ""
    : `, ${formatDateTime(from)} to ${formatDateTime(to)}`;
}

const requestTitles = ["request", "service", "message", "duration", "tokens", "time"];

function requestCells(request: LogAnalysis["slowest"][number]): string[] {
  const { requestId, service, message, durationMs, tokensUsed, time } = request;
  return [requestId ?? "", service, message, formatMs(durationMs), formatCount(tokensUsed), time];
}

function counted([name, count]: [string, number]): string[] {
  return [name, formatCount(count)];
}

/** Empty where there are no rows. */
function table(title: string, heads: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [`## ${title}`, "", line(heads), line(heads.map(() => "---")), ...rows.map(line)].join(
    "\n",
  );
}

/** Bars and line ends would end the cell. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}
