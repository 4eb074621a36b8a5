import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askDownload } from "../../../../server/models/download/askDownload.ts";
import { placesOf } from "../../../../server/models/download/places.ts";
import { readState, readWanted, writeState } from "../../../../server/models/download/states.ts";
import type { DownloadRequest, DownloadState } from "../../../../server/protocol/models.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ask-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const request: DownloadRequest = {
  ...{ id: "a", name: "A", force: false },
  source: { kind: "url", url: "https://files.example/a.gguf" },
};

/** A download whose process was killed in the middle. */
function left(phase: DownloadState["phase"] = "downloading") {
  const places = placesOf(home, "a");
  mkdirSync(places.folder, { recursive: true });
  const updatedAt = new Date(0).toISOString();
  writeState(places, { version: 1, request, phase, receivedBytes: 7, totalBytes: 9, updatedAt });
  writeFileSync(places.part(0).bytes, "1234567");
  writeFileSync(places.part(0).ranges, "{}");
  writeFileSync(places.room, "room");
  return places;
}

describe("a download whose process was killed", () => {
  it("is paused with what arrived, when that is asked", async () => {
    const places = left();
    expect(await askDownload(home, "a", "pause")).toMatchObject({
      ...{ phase: "paused", receivedBytes: 7 },
    });
    expect(readWanted(places)).toBe("pause");
    expect(existsSync(places.part(0).bytes)).toBe(true);
    expect(existsSync(places.room)).toBe(false);
  });

  it("leaves nothing but its last words, when it is cancelled", async () => {
    const places = left();
    expect(await askDownload(home, "a", "cancel")).toMatchObject({ phase: "cancelled" });
    expect(readState(places)).toMatchObject({ phase: "cancelled", receivedBytes: 0 });
    expect(readdirSync(places.folder).sort()).toEqual(["a.state.json", "a.wanted.json"]);
  });
});

describe("a download", () => {
  it("that is done stays done, whatever is asked", async () => {
    left("done");
    expect(await askDownload(home, "a", "cancel")).toMatchObject({ phase: "done" });
  });

  it("that never was is not there to be asked, and ids that lead elsewhere are refused", async () => {
    expect(await askDownload(home, "a", "pause")).toBeUndefined();
    await expect(askDownload(home, "../a", "pause")).rejects.toMatchObject({
      code: "DOWNLOAD_UNSAFE",
    });
  });
});
