/** Languages that the evaluation covers, by their VS Code ids. */
export type EvalLanguage = "typescript" | "javascript" | "python";

/** Which lines a package gives: those that the show gate is fitted on, or those that it is tested on. */
export type Split = "fit" | "test";

export interface EvalPackage {
  readonly registry: "npm" | "pypi";
  readonly name: string;
  readonly version: string;
  readonly language: EvalLanguage;
  readonly split: Split;
  /** Folder or file of hand-written sources inside the package; build output lies elsewhere. */
  readonly sources: string;
}

function npm(split: Split, language: EvalLanguage, id: string, sources: string): EvalPackage {
  const at = id.lastIndexOf("@");
  return {
    registry: "npm",
    name: id.slice(0, at),
    version: id.slice(at + 1),
    language,
    split,
    sources,
  };
}

function pypi(split: Split, id: string, sources: string): EvalPackage {
  const [name = "", version = ""] = id.split("==");
  return { registry: "pypi", name, version, language: "python", split, sources };
}

/**
 * Permissively licensed packages that ship their real sources and that the bundled model was not
 * trained on (checked at each run). Versions are fixed so that every run sees the same lines.
 */
export const evalPackages: readonly EvalPackage[] = [
  npm("fit", "typescript", "wonka@6.3.6", "src"),
  npm("fit", "typescript", "htmlparser2@12.0.0", "src"),
  npm("fit", "typescript", "@msgpack/msgpack@3.1.3", "src"),
  npm("fit", "typescript", "pdf-lib@1.17.1", "src"),
  npm("fit", "typescript", "@hookform/resolvers@7.0.7", "."),
  npm("fit", "typescript", "nice-grpc@2.1.18", "src"),
  npm("fit", "javascript", "matter-js@0.20.0", "src"),
  npm("fit", "javascript", "qs@6.17.1", "lib"),
  npm("fit", "javascript", "shelljs@0.10.0", "src"),
  npm("fit", "javascript", "papaparse@5.7.1", "papaparse.js"),
  npm("fit", "javascript", "mnemonist@0.40.8", "."),
  npm("fit", "javascript", "express-session@1.19.0", "index.js"),
  pypi("fit", "tenacity==9.2.1", "tenacity"),
  pypi("fit", "toolz==1.2.0", "toolz"),
  pypi("fit", "tinydb==4.9.0", "tinydb"),
  pypi("fit", "sqlparse==0.6.1", "sqlparse"),
  pypi("fit", "glom==25.12.0", "glom"),
  pypi("fit", "wtforms==3.3.2", "wtforms"),
  npm("test", "typescript", "@noble/hashes@2.4.0", "src"),
  npm("test", "typescript", "@preact/signals-core@1.14.5", "src"),
  npm("test", "typescript", "cheerio@1.2.0", "src"),
  npm("test", "typescript", "@xterm/xterm@6.0.0", "src"),
  npm("test", "typescript", "planck@1.4.2", "src"),
  npm("test", "typescript", "msw@2.15.0", "src"),
  npm("test", "typescript", "@auth/core@0.41.3", "src"),
  npm("test", "javascript", "yjs@13.6.33", "src"),
  npm("test", "javascript", "culori@4.0.2", "src"),
  npm("test", "javascript", "sinon@22.1.0", "lib"),
  npm("test", "javascript", "nodemon@3.1.14", "lib"),
  npm("test", "javascript", "send@1.2.1", "index.js"),
  npm("test", "javascript", "jszip@3.10.2", "lib"),
  npm("test", "javascript", "debug@4.4.3", "src"),
  pypi("test", "bottle==0.13.4", "bottle.py"),
  pypi("test", "more-itertools==11.2.1", "more_itertools"),
  pypi("test", "pluggy==1.7.0", "pluggy"),
  pypi("test", "tomlkit==0.15.2", "tomlkit"),
  pypi("test", "boltons==26.2.0", "boltons"),
  pypi("test", "mistune==3.4.0", "mistune"),
  pypi("test", "parso==0.8.7", "parso"),
  pypi("test", "prompt_toolkit==3.0.53", "prompt_toolkit"),
  pypi("test", "cattrs==26.2.1", "cattrs"),
];
