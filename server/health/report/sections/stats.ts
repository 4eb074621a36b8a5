import type { Stats } from "../../../protocol/stats.ts";
import { table } from "../markdown.ts";

/** The counts of the last day and of all time, if there are any. */
export function statsSection(stats: Stats | undefined): string {
  if (stats === undefined) return "Not available.";
  const windows = [stats.day, stats.total];
  const row = (title: string, tell: (window: Stats["total"]) => string | number) => [
    title,
    ...windows.map(tell),
  ];
  return table(
    ["", "last day", "all time"],
    [
      row("requests", ({ requests }) => requests),
      row("shown", ({ shown }) => shown),
      row("accepted", ({ acceptedWhole, acceptedPart }) => acceptedWhole + acceptedPart),
      row("reviews", ({ reviews }) => reviews),
      row("answered within, median", ({ latency }) => milliseconds(latency.total)),
      row("answered within, 95 %", ({ latency }) =>
        milliseconds({ ...latency.total, p50: latency.total.p95 }),
      ),
      row("tokens a second, prompt", ({ speed }) => Math.round(speed.prefill ?? 0) || "–"),
      row("tokens a second, written", ({ speed }) => Math.round(speed.decode ?? 0) || "–"),
      row("nothing suggested", ({ nothing }) => counts(nothing)),
      row("errors", ({ errors }) => counts(errors)),
    ],
  );
}

function milliseconds({ count, p50 }: { readonly count: number; readonly p50: number }): string {
  return count === 0 ? "–" : `${Math.round(p50)} ms`;
}

function counts(by: Readonly<Record<string, number>>): string {
  const descending = Object.entries(by).sort(([, a], [, b]) => b - a);
  return descending.map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}
