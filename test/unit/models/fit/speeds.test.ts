import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSpeeds, rememberSpeed } from "../../../../server/models/fit/speeds.ts";

const speed = {
  ...{ modelPath: "/m.gguf", weightsBytes: 1e9, parameters: 1e9, backend: "cpu" as const },
  ...{ prefillPerSecond: 100, decodePerSecond: 20 },
};

describe("speeds measured on this machine", () => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "starcoder-speeds-"));
    file = join(home, "speeds.json");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("are kept, the latest first, one of each model and backend", async () => {
    await rememberSpeed(home, speed);
    await rememberSpeed(home, { ...speed, backend: "cuda", decodePerSecond: 200 });
    await rememberSpeed(home, { ...speed, decodePerSecond: 40 });
    expect(readSpeeds(home)).toEqual([
      { ...speed, decodePerSecond: 40 },
      { ...speed, backend: "cuda", decodePerSecond: 200 },
    ]);
  });

  it("are not written again for a change that tells nothing", async () => {
    await rememberSpeed(home, speed);
    const before = readFileSync(file, "utf8");
    const { mtimeMs } = statSync(file);
    await rememberSpeed(home, { ...speed, decodePerSecond: 21 });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
  });

  it("are dropped where they cannot be true, and counted anew after a damaged file", async () => {
    await rememberSpeed(home, { ...speed, decodePerSecond: Number.NaN });
    await rememberSpeed(home, { ...speed, weightsBytes: 0 });
    expect(readSpeeds(home)).toEqual([]);
    writeFileSync(file, "{");
    expect(readSpeeds(home)).toEqual([]);
    await rememberSpeed(home, speed);
    expect(readSpeeds(home)).toEqual([speed]);
  });

  it("are those of the last fifty models, and cost nobody an error", async () => {
    for (let index = 0; index < 52; index += 1) {
      await rememberSpeed(home, { ...speed, modelPath: `/m${String(index)}.gguf` });
    }
    expect(readSpeeds(home)).toHaveLength(50);
    expect(readSpeeds(home)[0]?.modelPath).toBe("/m51.gguf");
    await rememberSpeed(join(file, "no-folder"), speed);
  });
});
