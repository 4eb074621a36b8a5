import type { DoctorCheck, DoctorReport } from "../../server/protocol/records.ts";
import type { IconName } from "../parts/icon.tsx";

type Status = DoctorCheck["status"];

/** A status in words and as an icon. */
export const checkTexts: Readonly<
  Record<Status, { readonly icon: IconName; readonly text: string }>
> = {
  failed: { icon: "error", text: "Failed" },
  timeout: { icon: "timeout", text: "Timed out" },
  warning: { icon: "warning", text: "Warning" },
  ok: { icon: "ok", text: "OK" },
  skipped: { icon: "off", text: "Skipped" },
};

const groupTitles: Readonly<Record<DoctorCheck["group"], string>> = {
  model: "Model",
  service: "Service",
  machine: "Machine",
  editor: "Editor",
  network: "Network",
};

const byUrgency: readonly Status[] = ["failed", "timeout", "warning", "ok", "skipped"];

export interface DiagnosisGroup {
  readonly title: string;
  /** What is wrong comes first. */
  readonly checks: readonly DoctorCheck[];
}

/** Groups that have checks, those with the worst check first. */
export function diagnosisGroups(checks: readonly DoctorCheck[]): readonly DiagnosisGroup[] {
  const urgency = ({ status }: DoctorCheck) => byUrgency.indexOf(status);
  return (Object.keys(groupTitles) as DoctorCheck["group"][])
    .map((group) => ({
      title: groupTitles[group],
      checks: checks
        .filter((check) => check.group === group)
        .sort((a, b) => urgency(a) - urgency(b)),
    }))
    .filter((group) => group.checks.length > 0)
    .sort((a, b) => Math.min(2.5, worst(a.checks)) - Math.min(2.5, worst(b.checks)));

  function worst(all: readonly DoctorCheck[]): number {
    return Math.min(...all.map(urgency));
  }
}

/** Whether someone has to do something about it. */
export function isWrong({ status }: DoctorCheck): boolean {
  return status === "failed" || status === "timeout" || status === "warning";
}

/** `2 checks failed, 1 warning`, or that all is well. */
export function diagnosisHeadline({ checks }: DoctorReport): string {
  const count = (...statuses: readonly Status[]) =>
    checks.filter(({ status }) => statuses.includes(status)).length;
  const failed = count("failed", "timeout");
  const warnings = count("warning");
  const passed = count("ok");
  if (failed === 0 && warnings === 0) return `All ${passed} checks passed.`;
  const parts = [
    ...(failed === 0 ? [] : [`${plural(failed, "check")} failed`]),
    ...(warnings === 0 ? [] : [plural(warnings, "warning")]),
    `${passed} passed`,
  ];
  return `${parts.join(", ")}.`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
