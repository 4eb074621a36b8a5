import { homedir } from "node:os";
import { runGit } from "../../workspace/runGit.ts";

/** The version of git on the path, or why there is none. */
export async function readGitVersion(): Promise<
  { readonly version: string } | { readonly problem: string }
> {
  const ran = await runGit(homedir(), ["--version"]);
  if (ran.kind === "done") return { version: Buffer.from(ran.output).toString("utf8").trim() };
  if (ran.kind === "missing") return { problem: "There is no git on the PATH." };
  if (ran.kind === "exit") return { problem: `git ended with ${ran.code}: ${ran.error.trim()}` };
  return { problem: "git did not answer in time." };
}
