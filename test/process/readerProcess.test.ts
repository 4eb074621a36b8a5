import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startReaderProcess } from "../../extension/views/readerProcess.ts";

describe("the process of the log reader", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "starcoder-reader-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function start(source: string) {
    const script = path.join(folder, "reader.mjs");
    await writeFile(script, source);
    const reader = startReaderProcess(script);
    const ended = new Promise<string>((resolve) => reader.onEnd(resolve));
    return { reader, ended };
  }

  it("answers over its channel, and ends when it is told to", async () => {
    const { reader, ended } = await start(
      `process.on("message", ({ id, method }) => process.send({ kind: "response", id, result: method }));`,
    );
    const heard = new Promise<unknown>((resolve) => reader.onMessage(resolve));
    reader.send({ kind: "request", id: 7, method: "files", params: {} });
    expect(await heard).toEqual({ kind: "response", id: 7, result: "files" });
    reader.kill();
    expect(await ended).toBe("The log reader ended (SIGKILL).");
    reader.send({ kind: "request", id: 8, method: "files", params: {} });
  });

  it("says why it ended", async () => {
    const { ended } = await start(`throw new TypeError("no such thing");`);
    expect(await ended).toBe("The log reader ended (exit status 1). TypeError: no such thing");
  });

  it("says so when there is no such script", async () => {
    const ended = new Promise<string>((resolve) => {
      startReaderProcess(path.join(folder, "none.mjs")).onEnd(resolve);
    });
    expect(await ended).toMatch(
      /^The log reader ended \(exit status 1\)\. Error: Cannot find module/,
    );
  });
});
