import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  openPart,
  readRanges,
  type PartFile,
} from "../../../../server/models/download/partFile.ts";
import { until } from "../../../support/until.ts";

let folder = "";
let prototype: FileHandle;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "part-"));
  const probe = join(folder, "probe");
  writeFileSync(probe, "");
  const handle = await open(probe);
  prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const place = () => ({ bytes: join(folder, "a.part"), ranges: join(folder, "a.part.ranges.json") });
const identity = { sizeBytes: 1000, content: "a" };
const listed = () => readRanges(place().ranges, identity).map(({ from, to }) => [from, to]);

async function put(part: PartFile, from: number, to: number): Promise<void> {
  const batch = part.begin(from);
  part.add(batch, Buffer.alloc(to - from, 7));
  await part.write(batch);
}

/** Holds each sync until it is let go, or failed. */
function holdSyncs(): { readonly held: (() => void)[]; readonly fail: () => void } {
  const held: (() => void)[] = [];
  let fails = false;
  vi.spyOn(prototype, "datasync").mockImplementation(
    () =>
      new Promise((resolve, reject) => {
        const failure = Object.assign(new Error("gone"), { code: "EIO" });
        held.push(() => (fails ? reject(failure) : resolve()));
      }),
  );
  return { held, fail: () => (fails = true) };
}

describe("a part of a file", () => {
  it("is saved beside what else is written once enough has come, and lists nothing before that is synced", async () => {
    const syncs = holdSyncs();
    const part = await openPart(place(), identity, 300);
    await put(part, 0, 200);
    expect(syncs.held).toEqual([]);
    await put(part, 200, 400);
    await until(() => syncs.held.length === 1);
    // What comes while it is synced need not be on the disk when that ends.
    await put(part, 400, 900);
    expect(existsSync(place().ranges)).toBe(false);
    syncs.held[0]?.();
    await until(() => existsSync(place().ranges));
    expect(listed()).toEqual([[0, 400]]);
    await put(part, 900, 1000);
    await until(() => syncs.held.length === 2);
    syncs.held[1]?.();
    await until(() => listed()[0]?.[1] === 1000);
    await part.close();
  });

  it("is whole only when its last bytes are synced", async () => {
    const syncs = holdSyncs();
    const part = await openPart(place(), identity);
    await put(part, 0, 1000);
    let ended = false;
    const finished = part.finish().then((hash) => {
      ended = true;
      return hash;
    });
    await until(() => syncs.held.length === 1);
    expect(ended).toBe(false);
    syncs.held[0]?.();
    expect(await finished).toMatch(/^[\da-f]{64}$/);
    await part.close();
  });

  it("is not whole when the disk cannot sync it, and takes no more bytes", async () => {
    const syncs = holdSyncs();
    syncs.fail();
    const part = await openPart(place(), identity, 300);
    await put(part, 0, 300);
    await until(() => syncs.held.length === 1);
    const next = part.save();
    syncs.held[0]?.();
    await until(() => syncs.held.length === 2);
    syncs.held[1]?.();
    const refused = { code: "HOME_NOT_WRITABLE" };
    await expect(next).rejects.toMatchObject(refused);
    await expect(put(part, 300, 1000)).rejects.toMatchObject(refused);
    expect(existsSync(place().ranges)).toBe(false);
    expect(readFileSync(place().bytes).length).toBe(300);
    await part.close();
  });
});
