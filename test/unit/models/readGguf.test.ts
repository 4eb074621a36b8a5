import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readGguf } from "../../../server/models/ggufFile.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { bundledModelPath } from "../../support/bundledModel.ts";
import {
  ggufBytes,
  integer,
  integerPair,
  listPair,
  long,
  tensor,
  text,
  textPair,
} from "../../support/ggufBytes.ts";

/** A source that counts what is read from it; claims a size of its own where given. */
function source(bytes: Buffer, size = bytes.length) {
  const read = { bytes: 0, times: 0 };
  return {
    read,
    source: {
      name: "a.gguf",
      size,
      read(offset: number, length: number): Promise<Uint8Array> {
        read.bytes += length;
        read.times += 1;
        const part = bytes.subarray(offset, offset + length);
        const missing = Math.min(length, size - offset) - part.length;
        return Promise.resolve(missing > 0 ? Buffer.concat([part, Buffer.alloc(missing)]) : part);
      },
    },
  };
}

async function check(bytes: Buffer, expected: string | RegExp, size?: number): Promise<void> {
  const given = source(bytes, size);
  const before = cpuSeconds();
  const reading = readGguf(given.source);
  await expect(reading).rejects.toMatchObject({ code: "MODEL_INVALID" });
  await expect(reading).rejects.toThrow(expected);
  expect(cpuSeconds() - before).toBeLessThan(1);
  expect(given.read.bytes).toBeLessThan(70 * 1024 * 1024);
}

/** Not the clock's time: other work on the machine is no fault of the reader. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const whole = readFileSync(bundledModelPath);
const tera = 2 ** 40;

describe("the header of a GGUF file, wherever it lies", () => {
  it("tells the shape, and of the rest of the file nothing is read", async () => {
    const given = source(whole);
    expect(await readGguf(given.source)).toMatchObject({
      architecture: "starcoder2",
      shape: { layers: 8, width: 256, heads: 4, kvHeads: 1, vocabulary: 8192, feedForward: 1024 },
      specialTokens: expect.arrayContaining(["<fim_prefix>", "<file_sep>"]) as string[],
    });
    expect(given.read.bytes).toBeLessThan(1024 * 1024);
    expect(given.read.times).toBeLessThanOrEqual(2);
  });

  it("is the same however few bytes an answer has, as long as they are those asked for", async () => {
    const { source: plain } = source(whole);
    const { source: copying } = source(whole);
    const odd = {
      ...copying,
      read: async (offset: number, length: number) =>
        new Uint8Array(await copying.read(offset, length)),
    };
    expect(await readGguf(odd)).toEqual(await readGguf(plain));
  });

  it("tells which part of a split model it is, and that a part has no shape", async () => {
    const pairs = [textPair("general.architecture", "llama"), integerPair("split.no", 2)];
    const bytes = ggufBytes({ pairs: [...pairs, integerPair("split.count", 5)] });
    const file = await readGguf(source(bytes).source);
    expect(file.split).toEqual({ part: 2, parts: 5 });
    expect(file.shape).toBeUndefined();
  });

  it("passes on what its source rejects with", async () => {
    const failure = new CodedError("DOWNLOAD_INTERRUPTED", "cut");
    const broken = { name: "a", size: 100, read: () => Promise.reject(failure) };
    await expect(readGguf(broken)).rejects.toBe(failure);
  });

  it.each([
    ["pairs", { pairCount: 2n ** 63n }],
    ["pairs", { pairCount: -1n & 0xffff_ffff_ffff_ffffn }],
    ["weights", { tensorCount: 2n ** 40n }],
    ["weights", { tensorCount: 0xffff_ffff_ffff_ffffn }],
  ])("is refused with counts of %s beyond all models", async (_, counts) => {
    await check(ggufBytes(counts), "claims to have", tera);
  });

  it.each([1, 4, 0x0300_0000])("is refused in version %i", async (version) => {
    await check(ggufBytes({ version }), /version|big-endian/);
  });

  it.each([
    ["a key of gigabytes", Buffer.concat([long(2 ** 32), integer(4)]), /key of/],
    ["a key of negative length", Buffer.concat([long(-8), integer(4)]), /key of/],
    ["a text beyond the end", Buffer.concat([text("k"), integer(8), long(2n ** 62n)]), /ends/],
    ["a text of negative length", Buffer.concat([text("k"), integer(8), long(-1)]), /ends/],
    ["a list in a list", listPair("k", 9, 2, Buffer.alloc(64)), /unknown type/],
    ["a value of no known type", Buffer.concat([text("k"), integer(13)]), /unknown type/],
    ["a list of more numbers than bytes", listPair("k", 10, 2n ** 61n, Buffer.alloc(8)), /ends/],
    ["a list of endless texts", listPair("k", 8, 2n ** 32n, Buffer.alloc(64)), /texts/],
    ["an alignment of 0", integerPair("general.alignment", 0), /alignment/],
    ["an alignment that is no power of two", integerPair("general.alignment", 48), /alignment/],
    ["an alignment as a text", textPair("general.alignment", "32"), /alignment/],
  ])("is refused with %s", async (_, pair, message) => {
    await check(ggufBytes({ pairs: [pair] }), message, tera);
  });

  it.each([
    ["a weight beyond the end", tensor("t", [32, 32], 0, 0), /beyond its end/],
    ["an offset beyond all files", tensor("t", [32], 0, 2n ** 63n), /place/],
    ["an offset between the steps", tensor("t", [32], 0, 7), /place/],
    ["a weight of no size", tensor("t", [32, 0], 0, 0), /size/],
    ["a product that overflows", tensor("t", [2n ** 40n, 2n ** 40n], 0, 0), /size/],
    ["negative dimensions", tensor("t", [-1, -1], 0, 0), /size/],
    ["a name of megabytes", Buffer.concat([long(2 ** 20), Buffer.alloc(64)]), /name/],
    ["more dimensions than there are", Buffer.concat([text("t"), integer(2 ** 31)]), /dimensions/],
  ])("is refused with %s", async (_, weight, message) => {
    await check(ggufBytes({ tensors: [weight], weights: 1024 }), message);
  });

  it("is refused where two weights lie in the same place", async () => {
    const tensors = [tensor("a", [32], 0, 0), tensor("b", [32], 0, 0)];
    await check(ggufBytes({ tensors, weights: 1024 }), /place/);
  });

  it.each(["block_count", "embedding_length", "attention.head_count"])(
    "is refused with a %s beyond all models",
    async (key) => {
      const pairs = [
        textPair("general.architecture", "llama"),
        integerPair(`llama.${key}`, 4_000_000_000),
      ];
      await check(ggufBytes({ pairs }), key);
    },
  );

  it("is given up when it goes on for longer than any vocabulary, in little memory", async () => {
    // A text of 20 bytes again and again, in a file that claims to be as long as it takes.
    const item = text("twenty letters long!");
    const items = Buffer.concat(Array.from({ length: 40_000 }, () => item));
    const head = ggufBytes({ pairs: [listPair("k", 8, 3_900_000, Buffer.alloc(0))] }).subarray(
      0,
      49,
    );
    let most = 0;
    const before = process.memoryUsage().rss;
    const endless = {
      name: "a.gguf",
      size: tera,
      read(offset: number, length: number): Promise<Uint8Array> {
        most = Math.max(most, process.memoryUsage().rss - before);
        const bytes = Buffer.alloc(length);
        for (let at = 0; at < length;) {
          const from = offset + at;
          const part =
            from < head.length
              ? head.subarray(from)
              : items.subarray((from - head.length) % items.length);
          at += part.copy(bytes, at);
        }
        return Promise.resolve(bytes);
      },
    };
    const started = cpuSeconds();
    await expect(readGguf(endless)).rejects.toThrow(/longer than any/);
    expect(cpuSeconds() - started).toBeLessThan(2);
    expect(most).toBeLessThan(150 * 1024 * 1024);
  });

  it("is read or refused, quickly, whatever bytes of it are changed", async () => {
    const header = 330_000;
    const random = seeded(20_261_124);
    let refused = 0;
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole.subarray(0, header));
      // The first kilobyte holds the counts, types and lengths.
      for (let change = 0; change <= round % 4; change += 1) {
        const at = Math.floor(random() * (round % 3 === 0 ? header : 1024));
        const kind = Math.floor(random() * 3);
        if (kind === 0) bytes[at] = Math.floor(random() * 256);
        else if (kind === 1) bytes.fill(0xff, at, at + 8);
        else bytes.copyWithin(at, Math.floor(random() * header), header);
      }
      const before = cpuSeconds();
      const given = source(bytes, whole.length);
      const outcome = await readGguf(given.source).catch((thrown: unknown) => thrown);
      expect(cpuSeconds() - before).toBeLessThan(1);
      if (outcome instanceof Error) {
        refused += 1;
        expect(outcome).toMatchObject({ code: "MODEL_INVALID" });
      }
    }
    expect(refused).toBeGreaterThan(100);
  }, 15_000);
});

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
