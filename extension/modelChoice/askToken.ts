import * as vscode from "vscode";
import { tokenProblem, type HubToken } from "./hubToken.ts";

/** Asks for the hub's access token and keeps it; an empty one is forgotten. What was done, if anything. */
export async function askToken(hubToken: HubToken): Promise<"kept" | "forgotten" | undefined> {
  const known = (await hubToken.read()) !== undefined;
  const given = await vscode.window.showInputBox({
    title: "Access Token of the Model Hub",
    prompt:
      "From the settings of your Hugging Face account. It is kept in the editor's secret storage and sent to the hub only.",
    placeHolder: known ? "A token is kept; leave this empty to forget it" : "hf_…",
    password: true,
    ignoreFocusOut: true,
    validateInput: tokenProblem,
  });
  if (given === undefined) return undefined;
  await hubToken.write(given);
  return given.trim() === "" ? "forgotten" : "kept";
}
