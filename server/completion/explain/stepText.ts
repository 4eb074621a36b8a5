import type { ExplainStep } from "../../protocol/explain.ts";
import type { TraceEvent } from "./trace.ts";

export type Step = Omit<ExplainStep, "atMs">;
export type Event<Kind extends TraceEvent["kind"]> = Extract<TraceEvent, { kind: Kind }>;

export function step(name: string, title: string, outcome: Step["outcome"], detail: string): Step {
  return { name, title, outcome, detail };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}

export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
}

export function linesOf(text: string): number {
  return text === "" ? 0 : text.split("\n").length;
}
