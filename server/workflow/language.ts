/** How a language writes documentation in front of a declaration. */
export type DocStyle = "block" | "tripleSlash" | "lines" | "docstring";

/** What generating code needs to know of a language. */
export interface LanguageTraits {
  /** Of a file in it, without the dot. */
  readonly extension: string;
  /** The name behind a code fence, and others that mean the same. */
  readonly fence: string;
  readonly fenceNames: readonly string[];
  readonly doc: DocStyle;
  /** Words are its content: an answer in words is no mistake. */
  readonly isProse: boolean;
}

interface Row {
  readonly extension: string;
  readonly fence?: string;
  readonly also?: string;
  readonly doc?: DocStyle;
  readonly isProse?: boolean;
}

const rows: Readonly<Record<string, Row>> = {
  typescript: { extension: "ts", also: "ts typescript tsx", doc: "block" },
  typescriptreact: { extension: "tsx", fence: "tsx", also: "ts typescript jsx", doc: "block" },
  javascript: { extension: "js", also: "js mjs cjs node jsx ecmascript", doc: "block" },
  javascriptreact: { extension: "jsx", fence: "jsx", also: "js javascript", doc: "block" },
  python: { extension: "py", also: "py python3", doc: "docstring" },
  go: { extension: "go", also: "golang" },
  rust: { extension: "rs", also: "rs", doc: "tripleSlash" },
  java: { extension: "java", doc: "block" },
  c: { extension: "c", also: "h", doc: "block" },
  cpp: { extension: "cpp", also: "c++ cc cxx hpp c", doc: "block" },
  "cuda-cpp": { extension: "cu", fence: "cuda", also: "cpp c++ cu", doc: "block" },
  csharp: { extension: "cs", also: "c# cs", doc: "tripleSlash" },
  php: { extension: "php", doc: "block" },
  ruby: { extension: "rb", also: "rb" },
  shellscript: { extension: "sh", fence: "bash", also: "sh shell zsh" },
  kotlin: { extension: "kt", also: "kt", doc: "block" },
  swift: { extension: "swift", doc: "tripleSlash" },
  scala: { extension: "scala", doc: "block" },
  dart: { extension: "dart", doc: "tripleSlash" },
  haskell: { extension: "hs", also: "hs" },
  perl: { extension: "pl", also: "pl" },
  elixir: { extension: "ex", also: "ex exs" },
  clojure: { extension: "clj", also: "clj" },
  powershell: { extension: "ps1", also: "ps1 pwsh" },
  fsharp: { extension: "fs", also: "fs f#" },
  yaml: { extension: "yaml", also: "yml" },
  markdown: { extension: "md", also: "md", isProse: true },
  plaintext: { extension: "txt", fence: "text", also: "txt", isProse: true },
  latex: { extension: "tex", also: "tex", isProse: true },
  restructuredtext: { extension: "rst", also: "rst", isProse: true },
  html: { extension: "html", also: "xml", isProse: true },
};

/** Never fails: of a language that is not in the table only its identifier is known. */
export function languageTraits(languageId: string): LanguageTraits {
  const row = Object.hasOwn(rows, languageId) ? rows[languageId] : undefined;
  const isPlain = /^[a-z0-9]{1,12}$/.test(languageId);
  const fence = row?.fence ?? languageId;
  return {
    extension: row?.extension ?? (isPlain ? languageId : "txt"),
    fence,
    fenceNames: [languageId, fence, ...(row?.also?.split(" ") ?? [])],
    doc: row?.doc ?? "lines",
    isProse: row?.isProse ?? false,
  };
}
