import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/*
 * The model hub's addresses, and where its token lies. No other file names them.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the hub answers: `HF_ENDPOINT`, or the public one; without a slash at its end. */
export function hubAddress(env: Environment): string {
  return (env["HF_ENDPOINT"]?.trim() || "https://huggingface.co").replace(/\/+$/, "");
}

/** Hosts whose pages name models: of the hub in use, and of the public one. */
export function hubHosts(env: Environment): string[] {
  const used = hubAddress(env);
  const own = URL.canParse(used) ? [new URL(used).host] : [];
  return [...new Set([...own, "huggingface.co", "hf.co"])];
}

/** A model's page, where its terms are accepted. */
export function hubPage(hub: string, repository: string): string {
  return `${hub}/${repository}`;
}

/** The address that leads to a file's bytes. */
export function resolveAddress(
  hub: string,
  repository: string,
  revision: string,
  path: string,
): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/${encoded}`;
}

/**
 * The access token of the environment or of the hub's own client on this machine: `HF_TOKEN`, the
 * file of `HF_TOKEN_PATH`, or the client's own file.
 */
export function hubToken(env: Environment, userFolder: string = homedir()): string | undefined {
  const given = env["HF_TOKEN"]?.trim() || env["HUGGING_FACE_HUB_TOKEN"]?.trim();
  if (given) return given;
  const cache = env["XDG_CACHE_HOME"] || join(userFolder, ".cache");
  const path = env["HF_TOKEN_PATH"] || join(env["HF_HOME"] || join(cache, "huggingface"), "token");
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
