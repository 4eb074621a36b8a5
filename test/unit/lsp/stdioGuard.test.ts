import { describe, expect, it } from "vitest";
import { createStdioGuard } from "../../../server/lsp/stdioGuard.ts";

/** Feeds text in pieces of a size; what came through and what was complained about. */
async function feed(text: string, size: number) {
  const complaints: string[] = [];
  const guard = createStdioGuard((reason) => complaints.push(reason));
  const bytes = Buffer.from(text, "latin1");
  let passed = "";
  guard.on("data", (chunk: Buffer) => (passed += chunk.toString("latin1")));
  for (let at = 0; at < bytes.length; at += size) guard.write(bytes.subarray(at, at + size));
  guard.end();
  await new Promise((resolve) => guard.once("end", resolve));
  return { passed, complaints };
}

const message = (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`;

describe("the guard of standard input", () => {
  it.each([1, 2, 7, 1000])("passes messages on unchanged, in pieces of %d bytes", async (size) => {
    const text =
      message('{"a":1}') +
      message("") +
      `Content-Type: x\r\ncontent-length:3\r\n\r\nabc${message("\r\n\r\n")}`;
    expect(await feed(text, size)).toEqual({ passed: text, complaints: [] });
  });

  it.each([
    ["hello", 'got "h'],
    [`${message("{}")}hello`, 'got "h'],
    ["Content-Type: x\r\n\r\n{}", "Content-Length"],
    ["Content-Length: many\r\n\r\n", "many"],
    [`Content-Length: ${300 * 1024 * 1024}\r\n\r\n`, "too large"],
    [`Content-${"x".repeat(5000)}`, "does not end"],
  ])("complains once about %j", async (text, about) => {
    for (const size of [1, 100_000]) {
      const { complaints } = await feed(text, size);
      expect(complaints).toHaveLength(1);
      expect(complaints[0]).toContain(about);
    }
  });

  it("ends when what has to be done before is done", async () => {
    let finish = (): void => undefined;
    let ended = false;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const guard = createStdioGuard(
      () => undefined,
      () => done,
    );
    guard.resume().on("end", () => (ended = true));
    guard.end(message("{}"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    finish();
    await new Promise((resolve) => guard.once("close", resolve));
    expect(ended).toBe(true);
  });
});
