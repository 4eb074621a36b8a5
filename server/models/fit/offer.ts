import type {
  CatalogueEntry,
  DownloadState,
  MachineFacts,
  OfferedModel,
  StoredModel,
} from "../../protocol/models.ts";
import type { FitOptions } from "./fit.ts";
import { chooseQuantization } from "./recommend.ts";

export interface OfferOptions extends FitOptions {
  /** The page of a repository on the hub. */
  readonly pageOf?: (repository: string) => string;
  /** Ids of the entries that the user added. */
  readonly added?: readonly string[];
}

/** Phases in which nothing more is going on. */
const ended: readonly DownloadState["phase"][] = ["done", "cancelled"];

/** What can be had, in the catalogue's order, with how each would run here where that is known. */
export function offer(
  entries: readonly CatalogueEntry[],
  machine: MachineFacts | undefined,
  stored: readonly StoredModel[],
  downloads: readonly DownloadState[],
  options: OfferOptions = {},
): OfferedModel[] {
  return entries.map((entry) => {
    const { id, source, quantizations } = entry;
    const choice =
      machine === undefined
        ? { quantization: quantizations[0]?.name, sizeBytes: quantizations[0]?.sizeBytes }
        : chooseQuantization(entry, machine, options);
    const { quantization, sizeBytes } = choice ?? {};
    const fit = choice !== undefined && "fit" in choice ? choice.fit : undefined;
    const download = downloads.find(
      ({ request, phase }) => request.id === id && !ended.includes(phase),
    );
    const page = source.kind === "hub" ? options.pageOf?.(source.repository) : undefined;
    return {
      entry,
      ...(quantization === undefined ? {} : { quantization }),
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
      ...(fit === undefined ? {} : { fit }),
      stored: stored.some((model) => model.error === undefined && isOf(model, entry)),
      ...(download === undefined ? {} : { download }),
      ...(page === undefined ? {} : { page }),
      ...(options.added === undefined ? {} : { added: options.added.includes(id) }),
    };
  });
}

function isOf(model: StoredModel, { id, source }: CatalogueEntry): boolean {
  if (source.kind === "bundled") return model.source === "bundled";
  return model.id === id || (source.kind === "file" && model.path === source.path);
}
