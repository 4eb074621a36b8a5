import type * as vscode from "vscode";

/** The access token of the model hub: kept in the editor's secret storage and nowhere else. */
export interface HubToken {
  read(): Promise<string | undefined>;
  /** Keeps it, or with an empty one forgets it. */
  write(token: string): Promise<void>;
}

const key = "starcoder.hubToken";

export function createHubToken(
  secrets: Pick<vscode.SecretStorage, "get" | "store" | "delete">,
): HubToken {
  return {
    async read() {
      return await secrets.get(key);
    },
    async write(token) {
      const given = token.trim();
      if (given === "") await secrets.delete(key);
      else await secrets.store(key, given);
    },
  };
}

/** Why this is no token, as a sentence; undefined: it may be one. Nothing is asked of the hub. */
export function tokenProblem(text: string): string | undefined {
  // It goes into a header: what is no printable ASCII was pasted by mistake.
  return /^[\x21-\x7e]*$/.test(text.trim())
    ? undefined
    : "A token has no spaces and no special characters.";
}
