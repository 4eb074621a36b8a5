import { cpp } from "./cpp.ts";
import { csharp } from "./csharp.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import type { LanguageTable } from "./languageTable.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { typescript } from "./typescript.ts";

/** What is known of a language, by its grammar. */
export const tables: Readonly<Record<string, LanguageTable>> = {
  typescript,
  tsx: typescript,
  javascript: typescript,
  python,
  go,
  rust,
  java,
  cpp,
  "c-sharp": csharp,
  php,
  ruby,
};
