import type { LanguageTable } from "./languageTable.ts";
import { python } from "./python.ts";
import { typescript } from "./typescript.ts";

/** What is known of a language, by its grammar. */
export const tables: Readonly<Record<string, LanguageTable>> = {
  typescript,
  tsx: typescript,
  javascript: typescript,
  python,
};
