import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createStatsStore } from "../../../server/health/stats/statsStore.ts";
import { createCounts, raise } from "../../../server/health/stats/counts.ts";
import { backupRecordSchema } from "../../../server/protocol/repair.ts";
import { backupPath, createBackup } from "../../../server/repair/backup.ts";
import { readBackup } from "../../../server/repair/readBackup.ts";
import { restoreBackup } from "../../../server/repair/restore.ts";
import { createDismissals } from "../../../server/state/dismissals.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { contentOf } from "../../support/homeContent.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { manifestFor, patched, withStatedSize, zipOf } from "../../support/zips.ts";

const now = new Date("2026-11-24T12:00:00Z");
const settings = { "model.contextSize": 2048, enabled: false };
const noLog = { warn: () => undefined };

/** A home in which a finding was dismissed and something counted. */
async function usedHome() {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  mkdirSync(home);
  const dismissals = createDismissals(home);
  await dismissals.add("add.ts", ["fingerprint"]);
  const stats = createStatsStore({ homePath: home, now: () => now.getTime(), log: noLog });
  const count = async (requests: number) => {
    const counts = createCounts();
    raise(counts, "requests", requests);
    stats.add(new Map([[now.getTime(), counts]]));
    await stats.save();
  };
  await count(3);
  return { folder, home, dismissals, stats, count };
}

describe("a backup", () => {
  it("brings back settings, dismissed findings and statistics", async () => {
    const { folder, home, dismissals, stats, count } = await usedHome();
    const path = join(folder, "saved.zip");
    const { manifest } = createBackup({ homePath: home, path, settings, now });
    expect(manifest.files.map(({ name }) => name)).toEqual([
      "settings.json",
      "review/dismissed.json",
      "stats.json",
    ]);
    await dismissals.clear();
    await count(10);
    const restored = await restoreBackup({ homePath: home, path, now });
    expect(backupRecordSchema.parse(restored).settings).toEqual(settings);
    expect([...dismissals.of("add.ts")]).toEqual(["fingerprint"]);
    expect(stats.read().total.numbers.requests).toBe(3);
  });

  it("lets a server that runs go on counting from what was restored", async () => {
    const { folder, home, stats } = await usedHome();
    const path = join(folder, "saved.zip");
    createBackup({ homePath: home, path, now });
    const waiting = createCounts();
    raise(waiting, "requests", 2);
    stats.add(new Map([[now.getTime(), waiting]]));
    await restoreBackup({ homePath: home, path, now });
    await stats.save();
    expect(stats.read().total.numbers.requests).toBe(5);
  });

  it("is made of the present state before another is restored", async () => {
    const { folder, home, dismissals } = await usedHome();
    const path = join(folder, "saved.zip");
    createBackup({ homePath: home, path, now });
    await dismissals.add("add.ts", ["later"]);
    const { previous = "" } = await restoreBackup({ homePath: home, path, settings, now });
    await restoreBackup({ homePath: home, path: previous, now: new Date(now.getTime() + 1) });
    expect([...dismissals.of("add.ts")]).toEqual(["fingerprint", "later"]);
    expect(readBackup(previous).settings).toEqual(settings);
  });

  it("is private, and replaces no file unless forced to", async () => {
    const { folder, home } = await usedHome();
    const path = join(folder, "saved.zip");
    writeFileSync(path, "mine");
    const error = codedErrorOf(() => createBackup({ homePath: home, path, now }));
    expect(error.code).toBe("VALIDATION_ERROR");
    expect(readFileSync(path, "utf8")).toBe("mine");
    createBackup({ homePath: home, path, now, force: true });
    expect(readBackup(path).files.size).toBe(2);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("leaves out what is damaged, and says so", async () => {
    const { folder, home } = await usedHome();
    writeFileSync(join(home, "stats.json"), "{");
    const path = join(folder, "saved.zip");
    const { leftOut } = createBackup({ homePath: home, path, now });
    expect(leftOut).toEqual([expect.stringContaining("stats.json") as string]);
    expect([...readBackup(path).files.keys()]).toEqual(["review/dismissed.json"]);
  });

  it("brings back the added models, and the choice of a model where that is still there", async () => {
    const { folder, home } = await usedHome();
    const source = { kind: "file", path: "/models/mine.gguf" };
    const entries = [{ id: "mine", name: "Mine", source, quantizations: [] }];
    const catalogue = JSON.stringify({ version: 1, entries });
    const model = join(folder, "mine.gguf");
    const choice = JSON.stringify({ version: 1, path: model });
    const files = [join(home, "catalogue.json"), join(home, "model.json")] as const;
    writeFileSync(files[0], catalogue);
    writeFileSync(files[1], choice);
    writeFileSync(model, "");
    const path = join(folder, "saved.zip");
    createBackup({ homePath: home, path, now });
    for (const file of files) rmSync(file);
    const record = await restoreBackup({ homePath: home, path, now });
    expect(record.leftOut).toBeUndefined();
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual([catalogue, choice]);
    rmSync(model);
    rmSync(files[1]);
    const later = new Date(now.getTime() + 1);
    const second = backupRecordSchema.parse(
      await restoreBackup({ homePath: home, path, now: later }),
    );
    expect(second.leftOut).toEqual([{ name: "model.json", reason: `${model} is not there` }]);
    expect(existsSync(files[1])).toBe(false);
  });

  it.each([
    ["catalogue.json", { version: 1, entries: [{ id: "../x" }] }],
    ["model.json", { version: 1 }],
  ])("leaves out a %s of another form", async (name, content) => {
    const { folder, home } = await usedHome();
    writeFileSync(join(home, name), JSON.stringify(content));
    const { leftOut } = createBackup({ homePath: home, path: join(folder, "saved.zip"), now });
    expect(leftOut).toEqual([expect.stringContaining(name) as string]);
  });

  it("of a home where nothing happened yet can be restored", async () => {
    const home = temporaryFolder();
    const path = backupPath(home, now);
    createBackup({ homePath: home, path, now });
    const record = await restoreBackup({ homePath: home, path, now });
    expect(record.manifest.files).toEqual([]);
  });

  it("that cannot be written says why", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "saved.zip");
    const error = codedErrorOf(() => createBackup({ homePath: folder, path, now }));
    expect(error.code).toBe("HOME_NOT_WRITABLE");
  });
});

const stats = JSON.stringify({ version: 1, since: 0, total: createCounts(), steps: [] });
const good = { "stats.json": stats };
const outside = (name: string) => zipOf(good, manifestFor(good), { [name]: Buffer.from("evil") });

const invalid: readonly (readonly [string, () => Buffer | string])[] = [
  ["is no zip file", () => "no zip at all"],
  ["is empty", () => ""],
  ["is cut off", () => zipOf(good).subarray(0, 200)],
  ["has lost its beginning", () => zipOf(good).subarray(60)],
  ["has no manifest", () => patched(zipOf(good), "manifest.json", "manifest.jsoX")],
  [
    "has a manifest that is no JSON",
    () => zipOf({}, undefined, { "manifest.json": Buffer.from("{") }),
  ],
  ["has a manifest of another program", () => zipOf(good, manifestFor(good, { format: "other" }))],
  ["has a manifest of another form", () => zipOf(good, manifestFor(good, { files: "all" }))],
  ["has a file with another hash", () => zipOf({ "stats.json": `${stats} ` }, manifestFor(good))],
  ["has a file that the manifest does not name", () => zipOf(good, manifestFor({}))],
  ["lacks a file that the manifest names", () => zipOf({}, manifestFor(good))],
  [
    "names a file twice in its manifest",
    () => {
      const { files } = manifestFor(good) as { files: unknown[] };
      return zipOf(good, manifestFor(good, { files: [...files, ...files] }));
    },
  ],
  ["climbs out of the folder", () => outside("../evil.json")],
  ["climbs out in the middle", () => outside("review/../../evil.json")],
  ["has an absolute name", () => outside("/etc/evil.json")],
  ["has a drive letter", () => outside("C:/evil.json")],
  ["has backslashes", () => outside("..\\evil.json")],
  ["has a file that no backup has", () => outside("evil.json")],
  ["has a file of the home that is never backed up", () => outside("run/token.json")],
  ["has a folder", () => outside("review/")],
  [
    "holds a link",
    () =>
      zipOf({}, manifestFor({}), {
        "stats.json": [Buffer.from("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }],
      }),
  ],
  ["holds a file twice", () => patched(outside("stats.jsoX"), "stats.jsoX", "stats.json")],
  ["holds a file twice in other letters", () => outside("STATS.json")],
  ["states a larger size", () => withStatedSize(zipOf(good), "stats.json", stats.length + 1)],
  ["states a smaller size", () => withStatedSize(zipOf(good), "stats.json", 1)],
  ["states a monstrous size", () => withStatedSize(zipOf(good), "stats.json", 0xfffffff0)],
  ["is a bomb", () => zipOf({ "stats.json": " ".repeat(40_000_000) })],
  [
    "is a bomb that states a small size",
    () => withStatedSize(zipOf({ "stats.json": " ".repeat(40_000_000) }), "stats.json", 1000),
  ],
  [
    "has many files",
    () =>
      zipOf(
        {},
        manifestFor({}),
        Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, Buffer.of(1)])),
      ),
  ],
  [
    "has more dismissed findings than are ever read",
    () => {
      const dismissed = JSON.stringify({ version: 1, dismissed: [] });
      return zipOf({ "review/dismissed.json": dismissed.padEnd(2_000_001) });
    },
  ],
  ["has statistics that are no JSON", () => zipOf({ "stats.json": "{" })],
  ["has statistics of another form", () => zipOf({ "stats.json": "[1]" })],
  ["has settings that are a list", () => zipOf({ "settings.json": "[]" })],
];

describe("a backup from anywhere", () => {
  it.each(invalid)("that %s is refused, and nothing is changed", async (_what, make) => {
    const { folder, home } = await usedHome();
    const path = join(folder, "hostile.zip");
    writeFileSync(path, make());
    const before = contentOf(folder);
    await expect(restoreBackup({ homePath: home, path, now })).rejects.toMatchObject({
      code: "BACKUP_INVALID",
    });
    expect(contentOf(folder)).toEqual(before);
  });

  it.each([
    ["a later version", () => zipOf(good, manifestFor(good, { version: 2, extra: true }))],
    [
      "a later version with files not known here",
      () => zipOf({ ...good, "new.json": "{}" }, manifestFor(good, { version: 9 })),
    ],
    ["an unknown earlier version", () => zipOf(good, manifestFor(good, { version: 0 }))],
    ["statistics of a later version", () => zipOf({ "stats.json": '{"version":2}' })],
  ])("from %s is refused as such, and nothing is changed", async (_what, make) => {
    const { folder, home } = await usedHome();
    const path = join(folder, "other.zip");
    writeFileSync(path, make());
    const before = contentOf(folder);
    await expect(restoreBackup({ homePath: home, path, now })).rejects.toMatchObject({
      code: "BACKUP_VERSION",
    });
    expect(contentOf(folder)).toEqual(before);
  });

  it("that is not there or a folder is refused", async () => {
    const { folder, home } = await usedHome();
    for (const path of [join(folder, "none.zip"), folder]) {
      const restoring = restoreBackup({ homePath: home, path, now });
      await expect(restoring).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    }
  });

  it("that every byte of can be flipped never does anything but restore or fail whole", async () => {
    const { folder, home } = await usedHome();
    const path = join(folder, "flipped.zip");
    const whole = zipOf(good);
    const before = contentOf(home);
    for (let at = 0; at < whole.length; at += 7) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0x15;
      writeFileSync(path, flipped);
      let read: ReturnType<typeof readBackup> | undefined;
      try {
        read = readBackup(path);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: expect.stringMatching(/^BACKUP_/) as string });
      }
      for (const content of read?.files.values() ?? []) expect(content.toString()).toBe(stats);
    }
    expect(contentOf(home)).toEqual(before);
  });
});

describe.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a home that cannot be written",
  () => {
    it("is left as it was by a restore", async () => {
      const { folder, home } = await usedHome();
      const path = join(folder, "saved.zip");
      createBackup({ homePath: home, path, now });
      chmodSync(home, 0o500);
      const before = contentOf(home);
      await expect(restoreBackup({ homePath: home, path, now })).rejects.toMatchObject({
        code: "HOME_NOT_WRITABLE",
      });
      chmodSync(home, 0o700);
      expect(contentOf(home)).toEqual(before);
    });
  },
);

describe("a restore that fails half way", () => {
  it("puts back what it had replaced", async () => {
    const { folder, home, dismissals } = await usedHome();
    const path = join(folder, "saved.zip");
    createBackup({ homePath: home, path, now });
    await dismissals.add("add.ts", ["later"]);
    // Statistics come after dismissed findings; a folder in their place cannot be replaced.
    rmSync(join(home, "stats.json"));
    mkdirSync(join(home, "stats.json", "full"), { recursive: true });
    symlinkSync(join(folder, "elsewhere"), join(home, "stats.json", "link"));
    await expect(restoreBackup({ homePath: home, path, now })).rejects.toMatchObject({
      code: "HOME_NOT_WRITABLE",
    });
    expect([...dismissals.of("add.ts")]).toEqual(["fingerprint", "later"]);
    expect(Object.keys(contentOf(home)).filter((name) => /partial|before$/.test(name))).toEqual([]);
  });
});
