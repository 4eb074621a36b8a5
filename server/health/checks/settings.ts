import type { Check, Finding } from "../check.ts";
import { conflictsOf } from "./settingConflicts.ts";

/** Settings are known, of the right type, and do not contradict each other. */
export const settingsCheck: Check = {
  name: "settings",
  title: "Settings",
  group: "editor",
  why: "A value that cannot be used is replaced by its default.",
  async run({ settings, settingProblems, facts, system }): Promise<Finding> {
    if (settingProblems.length > 0) {
      return {
        status: "failed",
        code: "VALIDATION_ERROR",
        message: settingProblems.map(({ message }) => message).join(" "),
      };
    }
    const { cores } = await system.processor();
    const conflicts = conflictsOf(settings, Object.keys(facts?.settings ?? {}), cores);
    if (conflicts.length > 0) {
      return { status: "warning", code: "SETTINGS_CONFLICT", message: conflicts.join(" ") };
    }
    if (facts === undefined) {
      return {
        status: "skipped",
        message: "Only the editor knows its settings: run StarCoder: Diagnose there.",
      };
    }
    const count = Object.keys(facts.settings).length;
    const differ = count === 1 ? "1 setting differs" : `${count || "No"} settings differ`;
    return { status: "ok", message: `${differ} from the defaults; all are valid.` };
  },
};
