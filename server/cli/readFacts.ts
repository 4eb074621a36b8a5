import { readFile } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import type { Command } from "commander";
import { editorFactsSchema, type EditorFacts } from "../protocol/editorFacts.ts";
import { CodedError } from "../protocol/errors.ts";

export interface FactsFlags {
  /** `-`: standard input; else a file. */
  readonly facts?: string;
}

/** Far more than an editor has to say. */
const maxBytes = 4 * 1024 * 1024;

/** How long the other side may take to say it, in milliseconds. */
const withinMs = 10_000;

/** Adds `--facts -`, with which an editor hands over what only it knows. */
export function addFactsOption(command: Command): Command {
  return command.option(
    "--facts <FILE>",
    "what the editor knows, as JSON; - reads it from standard input",
  );
}

/**
 * Reads what the editor knows; `undefined` when the option was not given.
 * @throws CodedError `VALIDATION_ERROR` when it is missing, too long, too late, no JSON or not facts.
 */
export async function readFacts(
  flag: string | undefined,
  input: Readable = process.stdin,
): Promise<EditorFacts | undefined> {
  if (flag === undefined) return undefined;
  try {
    const text = flag === "-" ? await readAll(input) : await readFile(flag, "utf8");
    const parsed = editorFactsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new Error(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("VALIDATION_ERROR", `--facts ${flag}: ${reason}`, thrown);
  }
}

async function readAll(input: Readable): Promise<string> {
  addAbortSignal(AbortSignal.timeout(withinMs), input);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    const buffer = Buffer.from(chunk);
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > maxBytes) throw new Error("too long");
  }
  return Buffer.concat(chunks).toString("utf8");
}
