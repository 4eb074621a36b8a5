import type { LogAnalysis } from "../../protocol/logs.ts";

/** What an analysis found, for people: tables, the most important first. */
export function describeAnalysis(analysis: LogAnalysis): string {
  const { records, brokenLines, files, from, to } = analysis;
  if (records === 0) {
    return files.length === 0 ? "There are no logs yet." : "No records match.";
  }
  const broken = brokenLines === 0 ? "" : `, ${brokenLines} lines that were no records`;
  const head = `${records} records in ${files.length} files, ${from ?? ""} to ${to ?? ""}${broken}`;
  return [head, ...sectionsOf(analysis)].join("\n\n");
}

function sectionsOf(analysis: LogAnalysis): string[] {
  const { levels, services, errors, latency, slowest, mostTokens, restarts, patterns } = analysis;
  const requests = (list: LogAnalysis["slowest"]): string[][] =>
    list
      .slice(0, 10)
      .map(({ durationMs, tokensUsed, service, requestId, time, message }) => [
        durationMs === undefined ? "" : `${figure(durationMs)} ms`,
        tokensUsed === undefined ? "" : `${tokensUsed} tokens`,
        service,
        time,
        message,
        requestId ?? "",
      ]);
  const sections: readonly (readonly [string, readonly string[][]])[] = [
    ["levels", Object.entries(levels).map(([level, count]) => [level, String(count)])],
    ["services", Object.entries(services).map(([service, count]) => [service, String(count)])],
    [
      "errors by frequency",
      errors
        .slice(0, 20)
        .flatMap(({ count, code, message, lastTime, remedy }) => [
          [String(count), code ?? "", message, `last ${lastTime}`],
          ...(remedy === undefined ? [] : [["", "", `→ ${remedy}`]]),
        ]),
    ],
    [
      "known patterns",
      patterns.flatMap(({ name, count, example, remedy }) => [
        [name, String(count), example.slice(0, 100)],
        ["", "", `→ ${remedy}`],
      ]),
    ],
    [
      "latency, ms",
      Object.entries(latency).map(([service, { count, p50, p90, p95, p99, max }]) => [
        service,
        `${count} records`,
        `p50 ${figure(p50)}`,
        `p90 ${figure(p90)}`,
        `p95 ${figure(p95)}`,
        `p99 ${figure(p99)}`,
        `max ${figure(max)}`,
      ]),
    ],
    ["slowest", requests(slowest)],
    ["most tokens", requests(mostTokens)],
    [
      "starts and ends",
      restarts.slice(-20).map(({ time, service, message }) => [time, service, message]),
    ],
  ];
  return sections.flatMap(([title, rows]) =>
    rows.length === 0 ? [] : [`${title}\n${table(rows)}`],
  );
}

/** Columns as wide as their widest cell; the text of a log must not move the cursor of a terminal. */
function table(rows: readonly string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      // The last cell of a row pushes nothing.
      if (at < row.length - 1) widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, at) =>
        at < row.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell,
      );
      return `  ${cells.join("  ").replace(/\p{Cc}/gu, " ")}`.trimEnd();
    })
    .join("\n");
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
