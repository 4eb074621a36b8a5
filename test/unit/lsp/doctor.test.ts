import type { Connection } from "vscode-languageserver/node";
import { describe, expect, it } from "vitest";
import { serveDoctor } from "../../../server/lsp/doctor.ts";
import { facts } from "../health/healthyWorld.ts";

const report = { ok: true, full: false, time: "", version: "", platform: "", checks: [] };

/** What a server answers to `starcoder/doctor`, and what it was asked for. */
function serve() {
  const asked: unknown[] = [];
  let answer: ((raw: unknown) => unknown) | undefined;
  const onRequest = (_: string, handler: (raw: unknown) => unknown) => (answer = handler);
  serveDoctor({ onRequest } as unknown as Connection, {
    runDoctor(request) {
      asked.push(request);
      return Promise.resolve(report);
    },
  });
  return { asked, answer: (raw?: unknown) => answer?.(raw) };
}

describe("starcoder/doctor", () => {
  it.each([[undefined], [null], [{}]])(
    "runs the quick checks without parameters: %j",
    async (raw) => {
      const { asked, answer } = serve();
      expect(await answer(raw)).toBe(report);
      expect(asked).toEqual([{ full: false }]);
    },
  );

  it("hands on what the editor knows", async () => {
    const { asked, answer } = serve();
    await answer({ full: true, facts });
    expect(asked).toEqual([{ full: true, facts }]);
  });

  it("refuses parameters of another form", () => {
    const { asked, answer } = serve();
    expect(() => answer({ full: "yes" })).toThrow(/VALIDATION_ERROR|not valid/);
    expect(asked).toEqual([]);
  });
});
