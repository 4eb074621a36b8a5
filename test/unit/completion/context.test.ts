import { describe, expect, it } from "vitest";
import { createContext } from "../../../server/completion/context/context.ts";
import {
  exclusionOf,
  isFitForContext,
  isSecretPath,
} from "../../../server/completion/context/excluded.ts";
import { createOpenFiles } from "../../../server/completion/context/openFiles.ts";
import type { CompletionDocument, CompletionRequest } from "../../../server/completion/types.ts";

function document(path: string, text: string, version = 1): CompletionDocument {
  return { uri: `file:///${path}`, path, languageId: "typescript", version, text };
}

function request(text: string, path = "src/here.ts"): CompletionRequest {
  return {
    document: document(path, text),
    offset: text.length,
    trigger: "automatic",
    requestId: "1",
  };
}

const orders = "export function totalOfOrder(order: Order) {\n  return order.lines.price;\n}\n";
const filler = Array.from({ length: 60 }, (_, i) => `const filler${i} = ${i};`).join("\n");

describe("context from open files", () => {
  it("offers the window that shares the most identifiers, not the rest of the file", () => {
    const files = createOpenFiles();
    files.opened(document("lib/orders.ts", `${filler}\n${orders}`));
    files.opened(document("lib/colours.ts", "export const red = hexOf(255, 0, 0);\n"));
    while (files.refresh());
    const [best, ...others] = createContext(files).snippets(
      request("const sum = totalOfOrder(order: Order) + order.lines.price"),
      2000,
    );
    expect(best?.path).toBe("lib/orders.ts");
    expect(best?.text).toContain("totalOfOrder");
    expect(best?.text).not.toContain("filler1 ");
    expect(others.map(({ path }) => path)).not.toContain("lib/colours.ts");
  });

  it("never offers the file that is being completed", () => {
    const files = createOpenFiles();
    files.opened(document("src/here.ts", orders));
    while (files.refresh());
    expect(createContext(files).snippets(request(orders), 2000)).toEqual([]);
  });

  it("keeps within the budget, cutting at a line", () => {
    const files = createOpenFiles();
    const long = Array.from({ length: 30 }, (_, i) => `price(order, lines${i});`).join("\n");
    files.opened(document("lib/a.ts", long));
    while (files.refresh());
    const snippets = createContext(files).snippets(request("price(order, lines1, lines2"), 400);
    const [snippet] = snippets;
    expect(snippets).toHaveLength(1);
    expect(snippet?.text.length).toBeLessThanOrEqual(400);
    expect(long.startsWith(`${snippet?.text ?? "?"}\n`)).toBe(true);
  });

  it("does not offer the same text twice", () => {
    const files = createOpenFiles();
    files.opened(document("lib/a.ts", orders));
    files.opened(document("lib/b.ts", orders));
    while (files.refresh());
    expect(createContext(files).snippets(request(orders), 9000)).toHaveLength(1);
  });

  it("prefers what was just edited to what is only a little alike", () => {
    const files = createOpenFiles();
    const edited = document("lib/edited.ts", "const something = 1;\nconst entirely = 2;\n");
    files.opened(edited);
    files.opened(document("other/alike.ts", `totalOfOrder();\n${filler.slice(0, 400)}`));
    files.changed({ ...edited, version: 2 }, { startLine: 1, endLine: 1 });
    while (files.refresh());
    const [best] = createContext(files).snippets(request("totalOfOrder(", "app/here.ts"), 2000);
    expect(best?.path).toBe("lib/edited.ts");
  });

  it("offers the head of an open file of the same folder", () => {
    const files = createOpenFiles();
    files.opened(document("src/sibling.ts", 'import { a } from "a";\n'));
    files.opened(document("far/away.ts", 'import { b } from "b";\n'));
    while (files.refresh());
    const paths = createContext(files)
      .snippets(request("nothing"), 2000)
      .map(({ path }) => path);
    expect(paths).toEqual(["src/sibling.ts"]);
  });

  it("indexes only while resting, one file at a time, and again after an edit", () => {
    const files = createOpenFiles();
    files.opened(document("lib/a.ts", orders));
    files.opened(document("lib/b.ts", filler));
    expect(createContext(files).snippets(request(orders), 2000)).toEqual([]);
    expect([files.refresh(), files.refresh(), files.refresh()]).toEqual([true, true, false]);
    files.changed(document("lib/a.ts", orders, 2));
    expect([files.refresh(), files.refresh()]).toEqual([true, false]);
  });

  it("forgets closed files", () => {
    const files = createOpenFiles();
    files.opened(document("lib/a.ts", orders));
    files.refresh();
    files.closed("file:///lib/a.ts");
    expect(createContext(files).snippets(request(orders), 2000)).toEqual([]);
  });

  it("never holds secrets, ignored, binary, minified or huge files", () => {
    const files = createOpenFiles({ isIgnored: ({ path }) => path.startsWith("dist/") });
    files.opened(document("config/.env", orders));
    files.opened(document("dist/a.ts", orders));
    files.opened(document("a.bin", `\0${orders}`));
    files.opened(document("a.min.js", orders.replaceAll("\n", " ").repeat(50)));
    files.opened(document("huge.ts", orders.repeat(10_000)));
    expect(files.files()).toEqual([]);
  });
});

describe("exclusion", () => {
  it("knows files that hold secrets by their names", () => {
    for (const path of [
      ...[".env", "a/.env.local", "prod.env", "key.pem", "server.key", "id_rsa", "id_ed25519.pub"],
      ...[".npmrc", "x/credentials", "credentials.json", "secrets.yaml", ".aws/config", "a.tfvars"],
    ]) {
      expect(isSecretPath(path), path).toBe(true);
    }
    for (const path of ["env.ts", ".env.example", "keys.ts", "src/secrets.ts", "monkey.py"]) {
      expect(isSecretPath(path), path).toBe(false);
    }
  });

  it("says why a document is not completed", () => {
    expect(exclusionOf({ path: ".env", text: "" })).toBe("secret");
    expect(exclusionOf({ path: "a.bin", text: "a\0b" })).toBe("binary");
    expect(exclusionOf({ path: "a.ts", text: "x".repeat(20_000_001) })).toBe("tooLarge");
    expect(exclusionOf({ path: "a.ts", text: "x".repeat(10_000_000) })).toBeUndefined();
    expect(isFitForContext({ path: "a.ts", text: "x\n".repeat(1000) })).toBe(true);
  });
});
