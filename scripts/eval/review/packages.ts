import { evalPackages, type EvalPackage } from "../packages.ts";

function more(
  split: EvalPackage["split"],
  language: EvalPackage["language"],
  id: string,
  sources: string,
): EvalPackage {
  const at = id.lastIndexOf("@");
  const registry = language === "python" ? "pypi" : "npm";
  return { registry, name: id.slice(0, at), version: id.slice(at + 1), language, split, sources };
}

/** The packages of the completion's evaluation, and some more with asynchronous code. */
export const reviewPackages: readonly EvalPackage[] = [
  ...evalPackages,
  more("fit", "javascript", "fs-extra@11.4.1", "lib"),
  more("fit", "javascript", "cacache@21.0.2", "lib"),
  more("fit", "python", "quart@0.22.0", "quart"),
  more("fit", "python", "asgiref@3.13.0", "asgiref"),
  more("test", "javascript", "pacote@22.0.0", "lib"),
  more("test", "javascript", "@npmcli/arborist@10.0.4", "lib"),
  more("test", "python", "hypercorn@0.18.0", "hypercorn"),
  more("test", "python", "aiocache@0.12.3", "aiocache"),
];
