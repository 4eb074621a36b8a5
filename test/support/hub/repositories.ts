import { createHash } from "node:crypto";
import { shippedEntries } from "../../../server/models/catalogue/shippedEntries.ts";
import type { HubContent } from "./content.ts";

/** A repository of models on the loopback hub. */
export interface HubRepository {
  /** Such as `someone/model-GGUF`. */
  readonly name: string;
  readonly files: ReadonlyMap<string, HubContent>;
  /** Only with the hub's token: 401 without, 403 (`GatedRepo`) with one that has no access. */
  readonly gated?: boolean;
}

/** The commit that a repository's files are; another one after each change. */
export function commitOf({ name, files }: HubRepository): string {
  const hash = createHash("sha1").update(name);
  for (const [path, { sha256 }] of files) hash.update(`${path} ${sha256}\n`);
  return hash.digest("hex");
}

const quantizations = ["Q4_K_M", "Q8_0", "Q5_K_M", "Q6_K", "Q4_0", "Q3_K_M", "F16"];

/**
 * A repository of any name, with the file names that the catalogue has for it and those that are
 * usual, all of this content.
 */
export function usualRepository(name: string, content: HubContent): HubRepository {
  const base = (name.split("/")[1] ?? name).replace(/[-_.]?gguf$/i, "");
  const files = new Map<string, HubContent>();
  for (const { source, quantizations: offered } of shippedEntries()) {
    if (source.kind !== "hub" || source.repository !== name) continue;
    for (const quantization of offered) {
      files.set(source.file.replaceAll("{quantization}", quantization.name), content);
    }
  }
  for (const stem of new Set([base, base.toLowerCase()])) {
    for (const quantization of quantizations) {
      for (const spelling of [quantization, quantization.toLowerCase()]) {
        files.set(`${stem}-${spelling}.gguf`, content);
        files.set(`${stem}.${spelling}.gguf`, content);
      }
    }
  }
  return { name, files };
}

/** What a tree or paths-info says of a file. */
export function treeEntry(path: string, { sizeBytes, sha256 }: HubContent): object {
  const oid = createHash("sha1").update(`pointer ${sha256}`).digest("hex");
  const lfs = { oid: sha256, size: sizeBytes, pointerSize: 134 };
  return { type: "file", oid, size: sizeBytes, path, lfs };
}
