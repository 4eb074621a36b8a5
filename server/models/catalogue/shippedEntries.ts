import { z } from "zod";
import { catalogueEntrySchema, licenceSchema, type CatalogueEntry } from "../../protocol/models.ts";
import data from "./catalogue.json" with { type: "json" };

/** `catalogue.json`: entries name their licence by its id, since many share one. */
const shippedSchema = z.object({
  licences: z.record(z.string(), licenceSchema),
  entries: z.array(z.looseObject({ licence: z.string() })),
});

let entries: readonly CatalogueEntry[] | undefined;

/**
 * The models that the product knows, StarCoder's own first. `quality` is the published mean of
 * HumanEval-FIM (one line, exact match) where there is one; the others are placed between those by
 * size and age. Sizes are those of the hub's listings, rounded.
 */
export function shippedEntries(): readonly CatalogueEntry[] {
  if (entries === undefined) {
    const { licences, entries: rows } = shippedSchema.parse(data);
    entries = rows.map((row) =>
      catalogueEntrySchema.parse({ ...row, licence: licences[row.licence] }),
    );
  }
  return entries;
}
