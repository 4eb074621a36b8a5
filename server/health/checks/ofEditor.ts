import type { EditorFacts } from "../../protocol/editorFacts.ts";
import type { Check, Finding } from "../check.ts";

const unknown: Finding = {
  status: "skipped",
  message: "Only the editor knows: run StarCoder: Diagnose there.",
};

/** A check of what the editor told; skipped where there is no editor. */
export function ofEditor(
  traits: Pick<Check, "name" | "title" | "why">,
  look: (facts: EditorFacts) => Finding,
): Check {
  return {
    ...traits,
    group: "editor",
    run: ({ facts }) => (facts === undefined ? unknown : look(facts)),
  };
}
