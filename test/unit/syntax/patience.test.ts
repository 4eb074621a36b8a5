import { expect, it } from "vitest";
import { createSyntaxService } from "../../../server/syntax/syntaxService.ts";
import { wasmDirectory } from "../../support/syntax.ts";

it("reads on for a review where typing would not wait, but not forever", async () => {
  let time = 0;
  let step = 0;
  const syntax = createSyntaxService({ wasmDirectory, now: () => (time += step) });
  await syntax.load("typescript");
  const text = "function f() {\n  return 1;\n}\n".repeat(400);
  step = 60;
  expect(syntax.errorCount("typescript", text)).toBeUndefined();
  step = 1;
  expect(syntax.read("typescript", text)?.units).toHaveLength(400);
  step = 600;
  const other = `${text};`.replaceAll("f()", "g(a)");
  expect(syntax.read("typescript", other)).toBeUndefined();
  // The slow text is not tried again, any other is.
  step = 0;
  expect(syntax.read("typescript", other)).toBeUndefined();
  expect(syntax.read("typescript", `${other};`)?.units).toHaveLength(400);
  syntax.dispose();
});
