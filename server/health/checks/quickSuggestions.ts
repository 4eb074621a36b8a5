import { ofEditor } from "./ofEditor.ts";

/** Whether the editor's own list and suggestions get in each other's way. */
export const quickSuggestionsCheck = ofEditor(
  {
    name: "quickSuggestions",
    title: "editor.quickSuggestions",
    why: "It decides whether the editor's own list covers suggestions, or waits for them.",
  },
  ({ quickSuggestions }) => {
    const value = JSON.stringify(quickSuggestions) as string | undefined;
    const other = otherOf(quickSuggestions);
    if (other === "off") {
      return {
        status: "ok",
        message: `${value ?? "Off"}: the editor's own list does not open by itself in code.`,
      };
    }
    if (other === "on") {
      return {
        status: "ok",
        message: `${value ?? "On"}: the editor's own list opens without waiting for suggestions; what is selected in it goes before.`,
      };
    }
    if (other === "offWhenInlineCompletions" || other === "inline") {
      return {
        status: "ok",
        message: `${value ?? other}: the editor's own list gives way to suggestions, and waits up to 750 ms for them.`,
      };
    }
    return { status: "ok", message: value ?? "As the editor has it by default." };
  },
);

function otherOf(value: unknown): string | undefined {
  if (value === true) return "on";
  if (value === false) return "off";
  if (typeof value !== "object" || value === null || !("other" in value)) return undefined;
  if (typeof value.other === "boolean") return value.other ? "on" : "off";
  return typeof value.other === "string" ? value.other : undefined;
}
