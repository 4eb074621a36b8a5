import { ResponseError, type CancellationToken, type Connection } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import type { ExplainTarget } from "../completion/explain/explainer.ts";
import type { Product } from "../compose/compose.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { explainParamsSchema, explainRequest } from "../protocol/explain.ts";
import { codedErrorRpcCode } from "../protocol/host.ts";
import { languageOf } from "../text/languageOf.ts";
import { fileOf } from "../workspace/fileOf.ts";
import { readText } from "../workspace/readText.ts";
import { toCursor, toWorkspacePath } from "./convert.ts";
import { documentFactory, maxDocumentLength, type OpenDocument } from "./documents.ts";

export interface ServeExplainOptions {
  readonly connection: Pick<Connection, "onRequest">;
  readonly product: Pick<Product, "explainer" | "completer">;
  readonly documentOf: (uri: string) => OpenDocument | undefined;
  readonly folderUris: () => readonly string[];
}

/** Answers `starcoder/explain`, for open documents and for files that are not open. */
export function serveExplain(options: ServeExplainOptions): void {
  options.connection.onRequest(
    explainRequest.method,
    async (raw: unknown, token: CancellationToken) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      try {
        const target = await targetOf(options, raw);
        const explained = await options.product.explainer.explain(target, abort.signal);
        const { uri } = target.document;
        // Nobody will say that a document is closed which was never opened.
        if (options.documentOf(uri) === undefined) options.product.completer.close(uri);
        return explained;
      } catch (thrown) {
        const error = toCodedError(thrown);
        throw new ResponseError(codedErrorRpcCode, error.message, error.toData());
      } finally {
        subscription.dispose();
      }
    },
  );
}

async function targetOf(options: ServeExplainOptions, raw: unknown): Promise<ExplainTarget> {
  const params = explainParamsSchema.safeParse(raw);
  if (!params.success) {
    const [issue] = params.error.issues;
    const detail = `starcoder/explain: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
  const { uri, position, trigger } = params.data;
  const open = options.documentOf(uri) ?? (await readDocument(uri));
  const { content, languageId, version } = open;
  const file = fileOf(uri) ?? uri;
  const path = toWorkspacePath(uri, options.folderUris());
  const place = { file, line: position.line + 1, column: position.character + 1, trigger };
  if (content.kind !== "text") {
    const document = { uri, path, languageId, version, text: "" };
    return { ...place, document, offset: 0, withoutText: content.kind };
  }
  const { text } = content;
  const cursor = toCursor(text, open, position);
  const isInside =
    position.line === cursor.position.line &&
    // Inside a surrogate pair is a place, taken as before the pair.
    position.character - cursor.position.character <= open.offsetAt(position) - cursor.offset;
  if (!isInside) {
    const detail = `${file}:${place.line}:${place.column} lies beyond the end.`;
    throw new CodedError("POSITION_INVALID", detail);
  }
  return { ...place, document: { uri, path, languageId, version, text }, offset: cursor.offset };
}

/** A document that no editor has open, as it lies on the disk. */
async function readDocument(uri: string): Promise<OpenDocument> {
  const path = safeFileOf(uri);
  if (path === undefined) {
    throw new CodedError("DOCUMENT_UNSUPPORTED", `${uri} is not open and is no file.`);
  }
  const read = await readText(path, maxDocumentLength);
  const languageId = languageOf(path);
  if (read.kind === "text") return documentFactory.create(uri, languageId, 0, read.text);
  if (read.kind === "binary") return documentFactory.create(uri, languageId, 0, "\0");
  if (read.kind === "tooLarge") {
    return { ...documentFactory.create(uri, languageId, 0, ""), content: { kind: "tooLarge" } };
  }
  const why = read.kind === "missing" ? "is no file" : "cannot be read";
  throw new CodedError("DOCUMENT_UNSUPPORTED", `${path} ${why}.`);
}

function safeFileOf(uri: string): string | undefined {
  try {
    URI.parse(uri, true);
    return fileOf(uri);
  } catch {
    return undefined;
  }
}
