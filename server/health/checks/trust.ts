import { settingDeclarations, settingKeys } from "../../protocol/settings.ts";
import { listOf } from "./listOf.ts";
import { ofEditor } from "./ofEditor.ts";

/** Whether settings of the workspace are held back. */
export const trustCheck = ofEditor(
  {
    name: "trust",
    title: "Workspace trust",
    why: "In a workspace that is not trusted some of its settings are not taken.",
  },
  ({ trusted, workspaceSettings = [] }) => {
    if (trusted) return { status: "ok", message: "The workspace is trusted." };
    const restricted = settingKeys
      .filter((key) => settingDeclarations[key].restricted && workspaceSettings.includes(key))
      .map((key) => `starcoder.${key}`);
    if (restricted.length === 0) {
      return {
        status: "ok",
        message: "The workspace is not trusted; it sets nothing that is held back.",
      };
    }
    return {
      status: "warning",
      code: "WORKSPACE_UNTRUSTED",
      message: `The workspace is not trusted: its ${listOf(restricted)} ${restricted.length === 1 ? "is" : "are"} not taken.`,
    };
  },
);
