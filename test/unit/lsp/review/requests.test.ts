import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { ResponseError } from "vscode-languageserver/node";
import { coded, readReviewParams } from "../../../../server/lsp/review/requests.ts";
import { codedErrorSchema } from "../../../../server/protocol/errors.ts";

const documents = {
  documentOf: () => undefined,
  describe: () => {
    throw new Error("no document is open");
  },
  pathOf: (uri: string) => uri.replace(/^.*\//, ""),
};

/** The code of the error that a request is answered with. */
async function codeOf(raw: unknown): Promise<string> {
  const failure = await coded(() => readReviewParams(raw, documents)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(failure instanceof ResponseError)) return "none";
  return codedErrorSchema.parse(failure.data).code;
}

describe("starcoder/review", () => {
  it.each([
    ["nothing", undefined],
    ["no uri", {}],
    ["a uri that is no text", { uri: 7 }],
    ["an unknown scope", { uri: "file:///a.ts", scope: "all" }],
    ["a range before the start", { uri: "file:///a.ts", scope: { range: { start: -1 } } }],
  ])("is refused with %s", async (_, raw) => {
    expect(await codeOf(raw)).toBe("VALIDATION_ERROR");
  });

  it.each(["untitled:Untitled-1", "file:///no/such/file.ts", "no uri at all"])(
    "says that %s cannot be reviewed",
    async (uri) => {
      expect(await codeOf({ uri })).toBe("DOCUMENT_UNSUPPORTED");
    },
  );

  it("reads a file that is not open", async () => {
    const folder = mkdtempSync(join(tmpdir(), "starcoder-request-"));
    try {
      const path = join(folder, "a.py");
      writeFileSync(path, "x = 1\n");
      const uri = pathToFileURL(path).href;
      const { document, scope } = await readReviewParams({ uri }, documents);
      expect(document).toMatchObject({ languageId: "python", path: "a.py", text: "x = 1\n" });
      expect(scope).toBe("file");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes a range as whole lines", async () => {
    const range = { start: { line: 2, character: 3 }, end: { line: 5, character: 0 } };
    const open = { content: { kind: "text", text: "" } } as never;
    const read = await readReviewParams(
      { uri: "file:///a.ts", scope: { range } },
      {
        ...documents,
        documentOf: () => open,
        describe: () => ({ uri: "", path: "", languageId: "", version: 1, text: "" }),
      },
    );
    expect(read.scope).toEqual({ start: 2, end: 5 });
  });
});
