import type { EndpointReport, EndpointStatus } from "../protocol/endpoints.ts";

const titles = ["", "server", "state", "requests", "failed", "tokens", "in vain", "first token"];

/** Remote engines of the servers that run, for people: a table for each server. */
export function describeRemotes(reports: readonly EndpointReport[] = []): string[] {
  return reports.flatMap(({ pid, name, time, endpoints }) => {
    const table = [titles, ...endpoints.map(cellsOf)];
    const widths = titles.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
    const lines = table.map((row) =>
      row
        .map((cell, at) => (at < 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    );
    const title = `Remote engines of the ${name} (process ${String(pid)}), at ${time.slice(11, 19)} UTC:`;
    return ["", title, ...lines.map((line) => `  ${line}`)];
  });
}

function cellsOf(status: EndpointStatus): string[] {
  const { name, kind, state, error, requests, failures, tokens, firstTokenMs } = status;
  return [
    name,
    kind ?? "-",
    error === undefined ? state : `${state} (${error.code})`,
    whole(requests),
    whole(failures),
    whole(tokens.evaluated + tokens.generated),
    whole(tokens.hedged),
    firstTokenMs === undefined ? "-" : `${String(Math.round(firstTokenMs.p50))} ms`,
  ];
}

/** A number with its thousands apart. */
export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
