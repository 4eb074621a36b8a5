import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readState, writeWanted } from "../../../../server/models/download/states.ts";
import {
  openDownloadPlace,
  repository,
  smallFile,
  smallRequest,
  type DownloadPlace,
} from "../../../support/downloadPlace.ts";
import { bytesOf, type FaultGiven } from "../../../support/loopbackHub.ts";
import { smallGguf } from "../../../support/smallGguf.ts";

const content = smallGguf();
const open = (options?: Parameters<typeof openDownloadPlace>[1]) =>
  openDownloadPlace({ [smallFile]: content }, options);

/** The header is read by one request; faults after it hit the bytes. */
const afterHeader = { after: 1 } as const;

async function runWith(...faults: readonly FaultGiven[]) {
  const from = await open();
  for (const fault of faults) from.hub.fault("", fault);
  const state = await from.run();
  return { ...from, state };
}

function sentBytes({ hub }: DownloadPlace, from = 0): number {
  return hub.requests.slice(from).reduce((sum, request) => sum + request.sentBytes, 0);
}

describe("a hub that answers with a failure", () => {
  it.each([
    [404, undefined, "HUB_NOT_FOUND"],
    [401, undefined, "HUB_AUTH"],
    [401, "RepoNotFound", "HUB_NOT_FOUND"],
    [403, "GatedRepo", "HUB_GATED"],
    [429, undefined, "HUB_BUSY"],
    [500, undefined, "HUB_FAILED"],
    [502, undefined, "HUB_FAILED"],
    [503, undefined, "HUB_BUSY"],
    [418, undefined, "HUB_FAILED"],
  ])("with status %i %s of its listing fails as %s", async (status, errorCode, code) => {
    const more = errorCode === undefined ? {} : { errorCode };
    const { state } = await runWith({ kind: "status", at: "api", status, ...more });
    expect(state).toMatchObject({ phase: "failed", error: { code } });
  });

  it("names the page on which access to a gated model is asked for", async () => {
    const { run, hub } = await open({ gated: true, token: "hf_withoutaccess" });
    const { error } = await run();
    expect(error?.code).toBe("HUB_GATED");
    expect(error?.message).toContain(`${hub.url}/${repository}`);
    expect(error?.message).not.toContain("hf_withoutaccess");
  });

  it("is asked again after failures that pass", async () => {
    const passing = [500, 502, 503, 429].map((status): FaultGiven => ({
      kind: "status",
      status,
      times: 1,
      ...afterHeader,
    }));
    const { state } = await runWith(...passing, {
      ...{ kind: "status", at: "api", status: 500, times: 2 },
    });
    expect(state.phase).toBe("done");
  });

  it("waits as long as Retry-After says, and says so", async () => {
    const from = await open();
    from.hub.fault("", { kind: "status", at: "api", status: 429, retryAfter: 1, times: 1 });
    const startedAt = performance.now();
    const running = from.run();
    await expect
      .poll(() => JSON.parse(readFileSync(from.places.state, "utf8")) as unknown, { interval: 20 })
      .toMatchObject({ phase: "waiting", retryInSeconds: 1, error: { code: "HUB_BUSY" } });
    expect((await running).phase).toBe("done");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
  });

  it("does not wait for hours", async () => {
    const { state } = await runWith({ kind: "status", at: "api", status: 429, retryAfter: 7200 });
    expect(state.error?.code).toBe("HUB_BUSY");
  });

  it("gets on with fewer connections where it refuses some of them", async () => {
    const { state } = await runWith({
      kind: "status",
      at: "data",
      status: 429,
      times: 2,
      after: 2,
    });
    expect(state.phase).toBe("done");
  });

  it("is asked for a new link when the old one has expired", async () => {
    const { state } = await runWith({
      kind: "status",
      at: "data",
      status: 403,
      times: 1,
      after: 3,
    });
    expect(state.phase).toBe("done");
  });

  it("is unreachable when nobody is there", async () => {
    const { run, hub } = await open();
    await hub.stop();
    expect((await run()).error).toMatchObject({
      code: "HUB_UNREACHABLE",
      message: expect.stringContaining(hub.url) as string,
    });
  });

  it("is unreachable when it takes what is sent and never answers, and that is found out soon", async () => {
    const { run, hub } = await open({ firstAnswerMs: 40 });
    hub.fault("", { kind: "silent", at: "api" });
    const startedAt = performance.now();
    const { error } = await run();
    expect(error?.code).toBe("HUB_UNREACHABLE");
    expect(error?.message).toContain(`${hub.url}: no answer within`);
    expect(hub.requests.length).toBe(2);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it("that has answered once is asked as often as ever when it is silent then", async () => {
    const { run, hub } = await open({ firstAnswerMs: 40, stallMs: 60 });
    hub.fault("/tree/", { kind: "silent", at: "api", times: 1 });
    expect((await run()).phase).toBe("done");
  });
});

describe("redirects", () => {
  it.each([
    ["off HTTPS", "http://models.example/file"],
    ["to another protocol", "file:///etc/passwd"],
    ["to themselves", "self"],
  ])("%s are refused", async (_what, to) => {
    const from = await open();
    const self = `${from.hub.url}/${repository}/resolve/main/${smallFile}`;
    from.hub.fault("", { kind: "redirect", to: to === "self" ? self : to });
    expect((await from.run()).error?.code).toBe("DOWNLOAD_UNSAFE");
  });
});

describe("connections that break", () => {
  it("at every percentage lose nothing and fetch little twice", async () => {
    const from = await open();
    for (let percent = 0; percent <= 100; percent += 1) {
      from.hub.fault("/cdn/", {
        kind: "cut",
        atPercent: percent,
        times: 1,
        after: 1 + percent / 2,
      });
    }
    const patience = { random: () => 0, firstMs: 1, longestMs: 1, mostTries: 100 };
    const state = await from.run({ pieceBytes: 4096, connections: 2, patience });
    expect(state.phase).toBe("done");
    expect(from.read(smallFile).equals(content)).toBe(true);
    // What a broken connection had under way comes again, a piece of 4 KiB at most.
    expect(sentBytes(from)).toBeLessThan(content.length * 2 + 101 * 4096);
  });

  it("again and again without a byte end the download, which goes on later where it stopped", async () => {
    const from = await open();
    from.hub.fault("/cdn/", { kind: "reset", after: 4 });
    const state = await from.run({ connections: 1 });
    expect(state.error?.code).toBe("DOWNLOAD_INTERRUPTED");
    expect(state.receivedBytes).toBeGreaterThan(0);
    from.hub.clearFaults();
    const before = from.hub.requests.length;
    expect((await from.run()).phase).toBe("done");
    const header = Math.min(256 * 1024, content.length);
    expect(sentBytes(from, before)).toBe(header + content.length - state.receivedBytes);
  });

  it("all at once count as one: an outage is borne as long over several connections as over one", async () => {
    const from = await open();
    from.hub.fault("/cdn/", { kind: "reset", times: 12, ...afterHeader });
    const patience = { random: () => 0, firstMs: 400, longestMs: 400, mostTries: 6 };
    const state = await from.run({ pieceBytes: 4096, connections: 4, patience });
    expect(state.phase).toBe("done");
    expect(from.read(smallFile).equals(content)).toBe(true);
  });

  it("that deliver nothing for too long are given up for new ones", async () => {
    const from = await open({ stallMs: 300 });
    from.hub.fault("/cdn/", { kind: "stall", atPercent: 50, times: 2, ...afterHeader });
    from.hub.fault("/cdn/", { kind: "silent", times: 1, after: 4 });
    expect((await from.run()).phase).toBe("done");
  });

  it("that are slow but steady go on", async () => {
    const from = await open({ stallMs: 400 });
    from.hub.fault("/cdn/", { kind: "slow", bytesPerSecond: 60_000, ...afterHeader });
    const state = await from.run({ pieceBytes: content.length, connections: 4 });
    expect(state.phase).toBe("done");
    expect(from.hub.requests.filter(({ step }) => step === "data").length).toBe(2);
  });
});

describe("what is not the file that was announced", () => {
  it.each<readonly [string, FaultGiven]>([
    ["of another length", { kind: "change", content: bytesOf(content.subarray(0, -1)) }],
    ["with another content from some range on", change()],
    ["with a wrong bit", { kind: "flip", atPercent: 50, times: 1 }],
    ["with another content under the same tag", { ...change(), keepEtag: true }],
  ])("%s is refused, and nothing of it is kept", async (_what, fault) => {
    const from = await open();
    from.hub.fault("/cdn/", { ...fault, after: 3 });
    expect((await from.run({ connections: 1 })).error?.code).toBe("DOWNLOAD_MISMATCH");
    expect(readdirSync(from.models).includes(smallFile)).toBe(false);
    expect(existsSync(from.places.part(0).bytes)).toBe(false);
    from.hub.clearFaults();
    expect((await from.run()).phase).toBe("done");
  });

  it("is a web page", async () => {
    expect((await runWith({ kind: "html" })).state.error?.code).toBe("DOWNLOAD_NOT_MODEL");
    const later = await runWith({ kind: "html", ...afterHeader, times: 1 });
    expect(later.state.error?.code).toBe("DOWNLOAD_NOT_MODEL");
  });

  it("is a web page in place of the listing", async () => {
    expect((await runWith({ kind: "html", at: "api" })).state.error?.code).toBe("HUB_FAILED");
  });

  it("is another part than was asked for: the right one is asked for again", async () => {
    const { state } = await runWith({ kind: "shiftRange", by: 1, times: 2, ...afterHeader });
    expect(state.phase).toBe("done");
  });

  it("is the whole file where ranges are ignored: it is read in one go", async () => {
    const from = await runWith({ kind: "ignoreRange" });
    expect(from.state.phase).toBe("done");
    expect(from.read(smallFile).equals(content)).toBe(true);
  });

  it("is the whole file again after a cut where ranges are ignored", async () => {
    const from = await runWith(
      { kind: "ignoreRange" },
      { kind: "cut", atPercent: 70, times: 2, ...afterHeader },
    );
    expect(from.state.phase).toBe("done");
    expect(from.read(smallFile).equals(content)).toBe(true);
  });
});

function change() {
  return { kind: "change", content: bytesOf(smallGguf({ seed: 9 })) } as const;
}

describe("what is asked of a download", () => {
  async function stopAt(wanted: "pause" | "cancel") {
    const from = await open();
    from.hub.fault("/cdn/", { kind: "stall", atPercent: 50, after: 4 });
    const running = from.run();
    await expect.poll(() => readState(from.places)?.receivedBytes).toBeGreaterThan(0);
    writeWanted(from.places, wanted);
    return { from, state: await running };
  }
  it("to pause keeps what is there", async () => {
    const { from, state } = await stopAt("pause");
    expect(state.phase).toBe("paused");
    expect(statSync(from.places.part(0).bytes).size).toBeGreaterThan(0);
    from.hub.clearFaults();
    writeWanted(from.places, "run");
    expect((await from.run()).phase).toBe("done");
  });

  it("to cancel removes it", async () => {
    const { from, state } = await stopAt("cancel");
    expect(state.phase).toBe("cancelled");
    const left = readdirSync(from.places.folder).filter((name) => name.includes(".part"));
    expect(left).toEqual([]);
  });
});

describe("what lies on the disk", () => {
  async function interrupted() {
    const from = await open();
    from.hub.fault("/cdn/", { kind: "reset", after: 4 });
    await from.run({ connections: 1 });
    from.hub.clearFaults();
    return from;
  }

  it("is trusted no further than its length, since power may have been lost", async () => {
    const from = await interrupted();
    truncateSync(from.places.part(0).bytes, 1000);
    expect((await from.run()).phase).toBe("done");
    expect(from.read(smallFile).equals(content)).toBe(true);
  });

  it.each(["", "{}", '{"version":1', "null"])(
    "is fetched anew when its list is %j",
    async (list) => {
      const from = await interrupted();
      writeFileSync(from.places.part(0).ranges, list);
      expect((await from.run()).phase).toBe("done");
      expect(from.read(smallFile).equals(content)).toBe(true);
    },
  );

  it("is fetched anew when the repository has another file since", async () => {
    const from = await interrupted();
    const other = smallGguf({ seed: 4 });
    const files = new Map([[smallFile, bytesOf(other)]]);
    from.hub.publish({ name: repository, files });
    expect((await from.run()).phase).toBe("done");
    expect(from.read(smallFile).equals(other)).toBe(true);
  });

  it("stays when the disk runs full on the way", async () => {
    const from = await open();
    let asked = 0;
    from.hub.fault("/cdn/", { kind: "slow", bytesPerSecond: 200_000, ...afterHeader });
    const freeBytes = () => ((asked += 1) < 3 ? 10 ** 12 : -1);
    const state = await from.run({ freeBytes, request: smallRequest });
    expect(state.error?.code).toBe("DISK_FULL");
    expect(existsSync(join(from.places.part(0).bytes))).toBe(true);
    from.hub.clearFaults();
    expect((await from.run()).phase).toBe("done");
  });
});
