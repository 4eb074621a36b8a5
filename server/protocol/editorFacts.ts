import { z } from "zod";
import { editorNetworkSchema } from "./editorNetwork.ts";

/*
 * What only the editor knows. The extension hands it to the command line on standard input
 * (`--facts -`) and to the server with requests that need it.
 */
export const editorFactsSchema = z.object({
  editor: z.object({ name: z.string(), version: z.string() }),
  extensionVersion: z.string(),
  /** Where the extension runs. */
  side: z.enum(["local", "ssh", "wsl", "container", "codespaces", "server", "other"]),
  trusted: z.boolean(),
  /** `editor.inlineSuggest.enabled`, and `editor.quickSuggestions` as the editor has it. */
  inlineSuggestEnabled: z.boolean(),
  quickSuggestions: z.unknown(),
  /** Installed extensions that are known to make inline suggestions. */
  completionExtensions: z.array(
    z.object({ id: z.string(), name: z.string(), active: z.boolean() }),
  ),
  /** Keys that the workspace sets, without the prefix, whether they are taken or not. */
  workspaceSettings: z.array(z.string()).optional(),
  /** Values that the user set, `starcoder.*` without the prefix, flat. */
  settings: z.record(z.string(), z.unknown()),
  /** The language server of the window. */
  server: z.object({
    state: z.string(),
    version: z.string().optional(),
    pid: z.number().optional(),
  }),
  /** The editor's own network settings (`http.proxy` …), where they are set. */
  network: editorNetworkSchema.optional(),
  /** Access token of the model hub: only with commands that download, and kept nowhere else. */
  hubToken: z.string().optional(),
});
export type EditorFacts = z.infer<typeof editorFactsSchema>;
