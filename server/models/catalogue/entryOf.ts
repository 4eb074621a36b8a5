import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join, normalize, resolve } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import { catalogueEntrySchema, type CatalogueEntry } from "../../protocol/models.ts";
import { toModelId } from "../store/modelId.ts";
import { splitNameOf } from "../store/splitName.ts";

export interface ReferenceOptions {
  /** Host names of the model hub, whose pages name a repository. */
  readonly hubHosts: readonly string[];
  /** Where relative paths count from; without it they are refused. */
  readonly folder?: string;
  readonly userFolder?: string;
}

/**
 * The entry that a user means by a path of a file, a URL, or `owner/name` of the hub, followed by
 * `:` and a file or a quantization. Pages of the hub as a browser shows them are understood. Asks
 * no network; a file must be there.
 * @throws CodedError VALIDATION_ERROR for what is none of these, MODEL_NOT_FOUND, MODEL_INVALID for a
 * folder, DOWNLOAD_UNSAFE for an address that is neither https nor on this machine
 */
export async function entryOf(
  reference: string,
  options: ReferenceOptions,
): Promise<CatalogueEntry> {
  const text = reference.trim();
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return entryOfUrl(text, options);
  const repository = /^([\w.-]+)\/([\w.-]+)(?::(.+))?$/.exec(text);
  const [, owner = "", name = "", rest] = repository ?? [];
  const isRepository = repository !== null && !/^[.~]/.test(text) && !/\.gguf$/i.test(name);
  if (isRepository) return entryOfRepository(owner, name, rest);
  if (/^~(?=[\\/]|$)|^\.{0,2}[\\/]|^[a-z]:[\\/]|\.gguf$/i.test(text)) {
    return entryOfPath(text, options);
  }
  throw new CodedError(
    "VALIDATION_ERROR",
    `${text === "" ? "Nothing" : text} is no model: give a path, an https address, or owner/name of the hub, with :quantization or :file.gguf behind it.`,
  );
}

async function entryOfPath(text: string, options: ReferenceOptions): Promise<CatalogueEntry> {
  const { folder, userFolder = homedir() } = options;
  const expanded = text.startsWith("~") ? join(userFolder, text.slice(1)) : text;
  if (!isAbsolute(expanded) && folder === undefined) {
    throw new CodedError("VALIDATION_ERROR", `${text} is a relative path; give the whole path.`);
  }
  const path = normalize(folder === undefined ? expanded : resolve(folder, expanded));
  const found = await stat(path).catch((thrown: unknown) => {
    throw new CodedError("MODEL_NOT_FOUND", path, thrown);
  });
  if (!found.isFile()) throw new CodedError("MODEL_INVALID", `${path} is not a file.`);
  return entry(basename(path), { kind: "file", path });
}

function entryOfUrl(text: string, { hubHosts }: ReferenceOptions): CatalogueEntry {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new CodedError("VALIDATION_ERROR", `${text} is no address.`);
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw new CodedError("DOWNLOAD_UNSAFE", `${text} is no https address.`);
  }
  // It would stand in a file for all to read.
  if (url.username !== "" || url.password !== "") {
    throw new CodedError("VALIDATION_ERROR", "Give the address without user name and password.");
  }
  if (hubHosts.includes(url.host)) return entryOfHubPage(text, url.pathname);
  url.hash = "";
  const file = decoded(url.pathname.split("/").at(-1) ?? "");
  if (file === "") throw new CodedError("VALIDATION_ERROR", `${text} names no file.`);
  return entry(file, { kind: "url", url: url.href });
}

/** `/owner/name`, `/owner/name/tree/revision`, `/owner/name/blob/revision/file.gguf` and the like. */
function entryOfHubPage(text: string, pathname: string): CatalogueEntry {
  const [owner = "", name = "", view, revision, ...file] = pathname
    .split("/")
    .map(decoded)
    .filter((part) => part !== "");
  const plain = /^[\w.-]+$/;
  if (!plain.test(owner) || !plain.test(name)) {
    throw new CodedError("VALIDATION_ERROR", `${text} is no page of a model.`);
  }
  const shown = ["blob", "resolve", "raw"].includes(view ?? "") ? file.join("/") : "";
  return entryOfRepository(owner, name, shown === "" ? undefined : shown, revision);
}

function entryOfRepository(
  owner: string,
  name: string,
  rest: string | undefined,
  revision = "main",
): CatalogueEntry {
  const repository = `${owner}/${name}`;
  const model = name.replace(/[-_.]?gguf$/i, "") || name;
  const hub = { kind: "hub", repository, revision } as const;
  if (rest === undefined) return entry(model, { ...hub, file: "*.gguf" });
  if (/\.gguf$/i.test(rest)) {
    const parts = rest.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\\"))) {
      throw new CodedError("DOWNLOAD_UNSAFE", `${rest} is no plain file name.`);
    }
    return entry(parts.at(-1) ?? rest, { ...hub, file: rest });
  }
  if (!/^[a-z0-9_.-]{1,40}$/i.test(rest)) {
    throw new CodedError(
      "VALIDATION_ERROR",
      `${rest} is neither a quantization, such as Q4_K_M, nor a .gguf file.`,
    );
  }
  const quantization = rest.toUpperCase();
  return entry(`${model} ${quantization}`, { ...hub, file: "*{quantization}.gguf" }, quantization);
}

function entry(
  fileOrName: string,
  source: CatalogueEntry["source"],
  quantization?: string,
): CatalogueEntry {
  const name = (splitNameOf(fileOrName)?.stem ?? fileOrName).replace(/\.gguf$/i, "");
  return catalogueEntrySchema.parse({
    id: toModelId(name),
    name,
    source,
    quantizations: quantization === undefined ? [] : [{ name: quantization }],
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
