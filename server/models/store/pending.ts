import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  downloadStateSchema,
  userCatalogueSchema,
  type CatalogueEntry,
  type DownloadState,
} from "../../protocol/models.ts";
import { readJson } from "../../state/jsonFile.ts";

/** What the user added. */
export function loadCatalogue(homePath: string): { entries: CatalogueEntry[] } {
  const path = join(homePath, "catalogue.json");
  return { entries: readJson(path, userCatalogueSchema, 4_000_000)?.entries ?? [] };
}

/** How the downloads of a home stand. */
export function listDownloads(homePath: string): DownloadState[] {
  const folder = join(homePath, "models", "downloads");
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".state.json"))
      .flatMap((name) => readJson(join(folder, name), downloadStateSchema, 256 * 1024) ?? []);
  } catch {
    return [];
  }
}
