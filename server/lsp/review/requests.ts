import { ResponseError } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import { z } from "zod";
import { CodedError, toCodedError } from "../../protocol/errors.ts";
import { codedErrorRpcCode } from "../../protocol/host.ts";
import { reviewParamsSchema } from "../../protocol/review.ts";
import type { ReviewDocument, ReviewRequest } from "../../review/types.ts";
import { languageOf } from "../../text/languageOf.ts";
import { readText } from "../../workspace/readText.ts";
import type { OpenDocument } from "../documents.ts";
import type { CommandedReview } from "./review.ts";

const requestSchema = reviewParamsSchema.and(
  z.object({ workDoneToken: z.union([z.string(), z.number()]).optional() }),
);

/**
 * Parameters as they came, or a failure that names what is wrong with them.
 * @throws CodedError `VALIDATION_ERROR`.
 */
export function parseParams<Schema extends z.ZodType>(
  method: string,
  schema: Schema,
  raw: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".") ?? "";
  const what = issue?.message ?? "not as expected";
  throw new CodedError(
    "VALIDATION_ERROR",
    `${method}: ${place === "" ? "" : `${place}: `}${what}.`,
  );
}

/** Answers a request so that every failure carries a code from the table. */
export async function coded<Value>(act: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof ResponseError) throw thrown;
    const error = toCodedError(thrown);
    throw new ResponseError(codedErrorRpcCode, error.message, error.toData());
  }
}

export interface Documents {
  readonly documentOf: (uri: string) => OpenDocument | undefined;
  readonly describe: (document: OpenDocument, text: string) => ReviewDocument;
  readonly pathOf: (uri: string) => string;
}

/**
 * What `starcoder/review` asks for; a document that is not open is read from its file.
 * @throws CodedError `VALIDATION_ERROR` or `DOCUMENT_UNSUPPORTED`.
 */
export async function readReviewParams(
  raw: unknown,
  documents: Documents,
): Promise<CommandedReview> {
  const params = parseParams("starcoder/review", requestSchema, raw);
  const open = documents.documentOf(params.uri);
  const document =
    open === undefined ? await readFileOf(params.uri, documents) : describe(open, documents);
  return { document, scope: toScope(params.scope), token: params.workDoneToken };
}

function describe(open: OpenDocument, documents: Documents): ReviewDocument {
  const { content, uri } = open;
  if (content.kind === "text") return documents.describe(open, content.text);
  throw new CodedError("DOCUMENT_UNSUPPORTED", `${uri} is ${unsupported[content.kind]}.`);
}

const unsupported = { tooLarge: "too large", binary: "binary", missing: "not there" } as const;

async function readFileOf(uri: string, { pathOf }: Documents): Promise<ReviewDocument> {
  const parsed = parseUri(uri);
  if (parsed?.scheme !== "file") {
    throw new CodedError("DOCUMENT_UNSUPPORTED", `${uri} is not open and not a file.`);
  }
  const read = await readText(parsed.fsPath);
  if (read.kind === "failed") {
    throw new CodedError("DOCUMENT_UNSUPPORTED", `${uri} cannot be read.`, read.cause);
  }
  if (read.kind !== "text") {
    throw new CodedError("DOCUMENT_UNSUPPORTED", `${uri} is ${unsupported[read.kind]}.`);
  }
  const path = pathOf(uri);
  return { uri, path, languageId: languageOf(path), version: 0, text: read.text };
}

function parseUri(uri: string): URI | undefined {
  try {
    return URI.parse(uri, true);
  } catch {
    return undefined;
  }
}

function toScope(scope: z.output<typeof reviewParamsSchema>["scope"]): ReviewRequest["scope"] {
  if (typeof scope === "string") return scope;
  const { start, end } = scope.range;
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return { start: start.line, end: Math.max(last, start.line + 1) };
}
