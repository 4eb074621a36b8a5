import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { longestStats, statsFileSchema } from "../health/stats/statsFile.ts";
import { longestUserCatalogue } from "../models/catalogue/userEntries.ts";
import { chosenModelSchema, userCatalogueSchema } from "../protocol/models.ts";
import { dismissalsSchema, longestDismissals } from "../state/dismissals.ts";
import {
  longestWorkflow,
  workflowFileName,
  workflowFileSchema,
  workflowLimits,
  workflowsFolder,
} from "../state/workflowHistory.ts";

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

/** What is backed up, beside the generated results. Nothing else is written by a restore. */
const keptFiles: readonly KeptFile[] = [
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
export const keptLimits = { fileBytes: 16 * 1024 * 1024, allBytes: 64 * 1024 * 1024 } as const;

/** The file with this name in a backup; undefined: it is no part of one. */
export function keptFileOf(name: string): KeptFile | undefined {
  const prefix = `${workflowsFolder}/`;
  if (name.startsWith(prefix) && workflowFileName.test(name.slice(prefix.length))) {
    return {
      name,
      title: "generated results",
      inHome: true,
      schema: workflowFileSchema,
      longest: longestWorkflow,
      version: 1,
    };
  }
  return keptFiles.find((file) => file.name === name);
}

/** What a home may hold of it: of the generated results, the newest that are there. */
export function keptFilesIn(homePath: string): readonly KeptFile[] {
  const results = namesIn(join(homePath, workflowsFolder))
    .flatMap((name) => keptFileOf(`${workflowsFolder}/${name}`) ?? [])
    .map((file) => ({ file, writtenAt: modifiedAt(join(homePath, file.name)) }))
    .sort((a, b) => b.writtenAt - a.writtenAt)
    .slice(0, workflowLimits.files);
  return [...keptFiles.filter(({ inHome }) => inHome), ...results.map(({ file }) => file)];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

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

/** What people call the files with these names in a backup, each title once with its bytes. */
export function titlesOf(
  files: readonly { readonly name: string; readonly bytes?: number }[],
): readonly { readonly title: string; readonly files: number; readonly bytes: number }[] {
  const titles = new Map<string, { files: number; bytes: number }>();
  for (const { name, bytes = 0 } of files) {
    const title = keptFileOf(name)?.title ?? name;
    const before = titles.get(title) ?? { files: 0, bytes: 0 };
    titles.set(title, { files: before.files + 1, bytes: before.bytes + bytes });
  }
  return [...titles].map(([title, sums]) => ({ title, ...sums }));
}
