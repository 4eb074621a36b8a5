import type { EditorFacts } from "../../protocol/editorFacts.ts";
import { ofEditor } from "./ofEditor.ts";

const sides: Readonly<Record<EditorFacts["side"], string>> = {
  local: "On this machine, beside the editor: model, logs and settings lie here.",
  ssh: "On the machine at the other end of SSH: model, logs and GPU are those of that machine.",
  wsl: "Inside WSL: model and logs lie in the Linux file system; paths are Linux paths.",
  container:
    "Inside a container: model and logs are gone with it unless its home is kept in a volume.",
  codespaces: "Inside a codespace: model and logs lie there, and are gone with it.",
  server: "On the server that the browser shows: model, logs and GPU are those of that machine.",
  other: "On a remote side of an unknown kind: model and logs lie there.",
};

/** Where the extension runs. */
export const sideCheck = ofEditor(
  {
    name: "side",
    title: "Where it runs",
    why: "Paths, memory and GPU are those of the side on which the extension runs.",
  },
  ({ side, editor }) => ({
    status: "ok",
    message: `${editor.name} ${editor.version}. ${sides[side]}`,
  }),
);
