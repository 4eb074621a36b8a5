/** Which grammar file (`tree-sitter-NAME.wasm`) reads a language, by the editor's language identifier. */
const GRAMMARS: Readonly<Record<string, string>> = {
  typescript: "typescript",
  typescriptreact: "tsx",
  javascript: "javascript",
  javascriptreact: "javascript",
  python: "python",
  go: "go",
  rust: "rust",
  java: "java",
  c: "cpp",
  cpp: "cpp",
  "cuda-cpp": "cpp",
  csharp: "c-sharp",
  php: "php",
  ruby: "ruby",
  css: "css",
  shellscript: "bash",
};

/** Name of the grammar for a language identifier, or undefined. */
export function grammarOf(languageId: string): string | undefined {
  return Object.hasOwn(GRAMMARS, languageId) ? GRAMMARS[languageId] : undefined;
}

/** Keyword tokens that open and close a block, by grammar; brackets do everywhere. */
export const BLOCK_KEYWORDS: Readonly<
  Record<string, { readonly open: ReadonlySet<string>; readonly close: ReadonlySet<string> }>
> = {
  ruby: {
    open: new Set([
      "def",
      "class",
      "module",
      "do",
      "begin",
      "case",
      "if",
      "unless",
      "while",
      "until",
      "for",
    ]),
    close: new Set(["end"]),
  },
  bash: { open: new Set(["if", "do", "case"]), close: new Set(["fi", "done", "esac"]) },
};
