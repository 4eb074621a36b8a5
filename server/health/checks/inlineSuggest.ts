import { ofEditor } from "./ofEditor.ts";

/** The editor shows inline suggestions at all. */
export const inlineSuggestCheck = ofEditor(
  {
    name: "inlineSuggest",
    title: "editor.inlineSuggest.enabled",
    why: "With it off the editor asks nobody for suggestions.",
  },
  ({ inlineSuggestEnabled }) =>
    inlineSuggestEnabled
      ? { status: "ok", message: "On." }
      : {
          status: "failed",
          code: "EDITOR_SUGGESTIONS_OFF",
          message: "editor.inlineSuggest.enabled is off.",
        },
);
