import { open, stat, type FileHandle } from "node:fs/promises";
import { isBinary } from "./binary.ts";

/** What became of reading a file as text. Nothing is thrown. */
export type TextRead =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "tooLarge"; readonly bytes: number }
  | { readonly kind: "binary" }
  | { readonly kind: "failed"; readonly cause: unknown };

/** Files longer than this, in bytes, are not read. */
const LONGEST_FILE = 1_000_000;

/** Reads a file as UTF-8 without its byte order mark, unless it is binary or longer than `maxBytes`. */
export async function readText(path: string, maxBytes = LONGEST_FILE): Promise<TextRead> {
  let file: FileHandle | undefined;
  try {
    // Opening a pipe would wait until somebody writes into it.
    if (!(await stat(path)).isFile()) return { kind: "missing" };
    file = await open(path, "r");
    const { size } = await file.stat();
    if (size > maxBytes) return { kind: "tooLarge", bytes: size };
    const bytes = await file.readFile();
    if (isBinary(bytes)) return { kind: "binary" };
    return { kind: "text", text: new TextDecoder("utf-8").decode(bytes) };
  } catch (cause) {
    if (isMissing(cause)) return { kind: "missing" };
    return { kind: "failed", cause };
  } finally {
    await file?.close();
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
