import { existsSync } from "node:fs";
import { z } from "zod";
import { longestStats, statsFileSchema } from "../health/stats/statsFile.ts";
import { longestUserCatalogue } from "../models/catalogue/userEntries.ts";
import { chosenModelSchema, userCatalogueSchema } from "../protocol/models.ts";
import { dismissalsSchema, longestDismissals } from "../state/dismissals.ts";

/** A file that a backup holds beside its manifest. */
export interface KeptFile {
  /** Its name in the backup; with `inHome`, its path under the home, too. */
  readonly name: string;
  readonly title: string;
  /** False for what the editor keeps. */
  readonly inHome: boolean;
  /** What may stand in it. */
  readonly schema: z.ZodType;
  /** Bytes that its readers take; `keptLimits.fileBytes` where it does not say. */
  readonly longest?: number;
  /** The number that its `version` must be, where it has one. */
  readonly version?: number;
  /** Why it would do harm here; a restore leaves it as it is then. */
  readonly unfit?: (value: unknown) => string | undefined;
}

/** The editor's settings, `starcoder.*` without the prefix. */
export const settingsFile = "settings.json";

/** All that is backed up. Nothing else is written by a restore. */
export const keptFiles: readonly KeptFile[] = [
  {
    name: settingsFile,
    title: "settings",
    inHome: false,
    schema: z.record(z.string(), z.unknown()),
  },
  {
    name: "review/dismissed.json",
    title: "dismissed findings",
    inHome: true,
    schema: dismissalsSchema,
    longest: longestDismissals,
    version: 1,
  },
  {
    name: "stats.json",
    title: "statistics",
    inHome: true,
    schema: statsFileSchema,
    longest: longestStats,
    version: 1,
  },
  {
    name: "catalogue.json",
    title: "catalogue of models",
    inHome: true,
    schema: userCatalogueSchema,
    longest: longestUserCatalogue,
    version: 1,
  },
  {
    name: "model.json",
    title: "choice of the model",
    inHome: true,
    schema: chosenModelSchema,
    longest: 64 * 1024,
    version: 1,
    // Models are not backed up: a choice of one that is gone would leave windows without suggestions.
    unfit(value) {
      const { path } = chosenModelSchema.parse(value);
      return existsSync(path) ? undefined : `${path} is not there`;
    },
  },
];

/** How large one file may be, and all of them together. */
export const keptLimits = { fileBytes: 16 * 1024 * 1024, allBytes: 32 * 1024 * 1024 } as const;

export type KeptContent =
  | { readonly kind: "sound"; readonly value: unknown }
  | { readonly kind: "otherVersion"; readonly version: number }
  | { readonly kind: "damaged"; readonly reason: string };

/** Whether these bytes may stand in the file. */
export function checkKept(file: KeptFile, bytes: Uint8Array): KeptContent {
  if (bytes.length > (file.longest ?? keptLimits.fileBytes)) {
    return { kind: "damaged", reason: "too large" };
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { kind: "damaged", reason: "not JSON" };
  }
  const stated = z.object({ version: z.number() }).safeParse(value);
  if (file.version !== undefined && stated.success && stated.data.version !== file.version) {
    return { kind: "otherVersion", version: stated.data.version };
  }
  const parsed = file.schema.safeParse(value);
  if (!parsed.success) return { kind: "damaged", reason: "of another form" };
  return { kind: "sound", value };
}

/** What people call the file with this name in a backup. */
export function titleOf(name: string): string {
  return keptFiles.find((file) => file.name === name)?.title ?? name;
}
