import { existsSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStore } from "../../../../server/models/store/storeFile.ts";
import {
  openDownloadPlace,
  repository,
  smallFile,
  smallRequest,
  type DownloadPlace,
} from "../../../support/downloadPlace.ts";
import { bytesOf } from "../../../support/loopbackHub.ts";
import { smallGguf } from "../../../support/smallGguf.ts";

const content = smallGguf();
const url = (from: DownloadPlace, file = smallFile) =>
  `${from.hub.url}/${repository}/resolve/main/${file}`;

describe("a download", () => {
  it("puts the file, verified and read-only, into the folder of models and the store", async () => {
    const { run, read, models, homePath, places } = await openDownloadPlace();
    const state = await run();
    expect(state).toMatchObject({
      phase: "done",
      path: join(models, smallFile),
      totalBytes: content.length,
      receivedBytes: content.length,
      sha256: bytesOf(content).sha256,
    });
    expect(read(smallFile).equals(content)).toBe(true);
    expect(statSync(join(models, smallFile)).mode & 0o777).toBe(0o400);
    expect(readStore(homePath).models).toMatchObject([
      { id: "small", files: [{ name: smallFile }] },
    ]);
    expect(readdirSync(places.folder).filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("asks for every byte once, in parts of one commit, over several connections", async () => {
    const { run, hub } = await openDownloadPlace();
    await run();
    const ranges = hub.requests.filter(({ step }) => step === "data").slice(1);
    expect(ranges.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBe(content.length);
    expect(ranges.length).toBe(Math.ceil(content.length / (32 * 1024)));
    expect(new Set(ranges.map(({ path }) => path.split("/")[4])).size).toBe(1);
  });

  it("takes nothing from the net when the very file is there already", async () => {
    const { run, hub } = await openDownloadPlace();
    await run();
    const before = hub.requests.length;
    expect((await run()).phase).toBe("done");
    expect(hub.requests.slice(before).every(({ step }) => step === "api")).toBe(true);
  });

  it("leaves another model's file of the same name alone", async () => {
    const { run, read, models } = await openDownloadPlace();
    writeFileSync(join(models, smallFile), "another");
    const state = await run();
    expect(state.path).toBe(join(models, `small-${smallFile}`));
    expect(read(smallFile).toString()).toBe("another");
  });

  it("fetches all parts of a split model and loads the first", async () => {
    const names = [1, 2].map((part) => `small.Q8_0-0000${part}-of-00002.gguf`);
    const second = smallGguf({ seed: 2, weights: 30_000 });
    const { run, read, models } = await openDownloadPlace({
      [`deep/${names[0] ?? ""}`]: content,
      [`deep/${names[1] ?? ""}`]: second,
    });
    const source = { ...smallRequest.source, file: "deep/small.{quantization}.gguf" } as const;
    const state = await run({ request: { ...smallRequest, source } });
    expect(state).toMatchObject({ phase: "done", path: join(models, names[0] ?? "") });
    expect(state.totalBytes).toBe(content.length + second.length);
    expect(read(names[1] ?? "").equals(second)).toBe(true);
  });

  it("fetches a plain address, and checks the hash that was given for it", async () => {
    const from = await openDownloadPlace();
    const source = { kind: "url", url: url(from), sha256: "0".repeat(64) } as const;
    const wrong = await from.run({ request: { ...smallRequest, source } });
    expect(wrong.error?.code).toBe("DOWNLOAD_MISMATCH");
    const plain = { kind: "url", url: url(from) } as const;
    expect(await from.run({ request: { ...smallRequest, source: plain } })).toMatchObject({
      phase: "done",
      sha256: bytesOf(content).sha256,
    });
  });

  it("gives the token to the hub alone, and writes it nowhere", async () => {
    const token = "hf_loopbacktoken";
    const { run, hub, logged, places } = await openDownloadPlace(undefined, { gated: true, token });
    expect((await run()).phase).toBe("done");
    for (const { step, authorization } of hub.requests) {
      expect(authorization).toBe(step === "data" ? undefined : `Bearer ${token}`);
    }
    const written = readdirSync(places.folder).map((name) => join(places.folder, name));
    expect(written.length).toBeGreaterThan(0);
    expect(logged.join("")).not.toContain(token);
  });
});

describe("a download is refused before its first gigabyte", () => {
  async function refused(bytes: Buffer, force = false) {
    const { run, hub } = await openDownloadPlace({ [smallFile]: bytes });
    const state = await run({ request: { ...smallRequest, force } });
    const sent = hub.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    return { state, sent };
  }

  it("that cannot fill in the middle, unless it is forced", async () => {
    const bytes = smallGguf({ tokens: ["a", "b"], weights: 500_000 });
    const { state, sent } = await refused(bytes);
    expect(state.error?.code).toBe("MODEL_NOT_FIM");
    expect(sent).toBeLessThan(bytes.length / 2);
    expect((await refused(bytes, true)).state.phase).toBe("done");
  });

  it("that does not fit this machine", async () => {
    const { run, hub } = await openDownloadPlace();
    const state = await run({
      fits: (_header, bytes) => {
        expect(bytes).toBe(content.length);
        throw new Error("too large");
      },
    });
    expect(state).toMatchObject({ phase: "failed", receivedBytes: 0 });
    expect(hub.requests.filter(({ step }) => step === "data").length).toBe(1);
  });

  it.each([
    ["huge counts of weights", smallGguf({ claimed: 2n ** 50n }), "MODEL_INVALID"],
    ["weights of a negative count", smallGguf({ claimed: 2n ** 64n - 1n }), "MODEL_INVALID"],
    ["more tokens than bytes", smallGguf({ claimedTokens: 2n ** 40n }), "MODEL_INVALID"],
    ["no GGUF at all", Buffer.alloc(5000, "x"), "DOWNLOAD_NOT_MODEL"],
    ["a page of a captive portal", Buffer.from("<!DOCTYPE html>sign in"), "DOWNLOAD_NOT_MODEL"],
  ])("whose header claims %s", async (_what, bytes, code) => {
    expect((await refused(bytes)).state.error?.code).toBe(code);
  });

  it.each(["../out.gguf", "CON.gguf", "a\\b.gguf", ".hidden.gguf", "a:b.gguf"])(
    "whose name is %s",
    async (name) => {
      const from = await openDownloadPlace({ [name]: content });
      const source = { ...smallRequest.source, file: name };
      const state = await from.run({ request: { ...smallRequest, source } });
      expect(state.error?.code).toBe("DOWNLOAD_UNSAFE");
      expect(existsSync(join(from.homePath, "out.gguf"))).toBe(false);
    },
  );

  it("where a link lies in the place of the file or of its bytes", async () => {
    const { run, models, places, homePath } = await openDownloadPlace();
    const elsewhere = join(homePath, "elsewhere");
    symlinkSync(elsewhere, join(models, smallFile));
    expect((await run()).error?.code).toBe("DOWNLOAD_UNSAFE");
    rmSync(join(models, smallFile));
    symlinkSync(elsewhere, places.part(0).bytes);
    expect((await run()).error?.code).toBe("DOWNLOAD_UNSAFE");
    expect(existsSync(elsewhere)).toBe(false);
  });

  it("without room on the disk", async () => {
    const { run } = await openDownloadPlace();
    const state = await run({ freeBytes: () => 1000 });
    expect(state.error?.code).toBe("DISK_FULL");
  });
});
