/** VS Code's language ids by file name extension. */
const languages = new Map(
  Object.entries({
    bash: "shellscript",
    c: "c",
    cc: "cpp",
    cjs: "javascript",
    cpp: "cpp",
    cs: "csharp",
    css: "css",
    cts: "typescript",
    cxx: "cpp",
    go: "go",
    h: "c",
    hpp: "cpp",
    html: "html",
    java: "java",
    js: "javascript",
    json: "json",
    jsx: "javascriptreact",
    kt: "kotlin",
    lua: "lua",
    md: "markdown",
    mjs: "javascript",
    mts: "typescript",
    php: "php",
    py: "python",
    pyi: "python",
    rb: "ruby",
    rs: "rust",
    sh: "shellscript",
    sql: "sql",
    swift: "swift",
    ts: "typescript",
    tsx: "typescriptreact",
    yaml: "yaml",
    yml: "yaml",
  }),
);

/** The language id of a file, as VS Code names it; `plaintext` where the name tells nothing. */
export function languageOf(path: string): string {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return (extension === undefined ? undefined : languages.get(extension)) ?? "plaintext";
}
