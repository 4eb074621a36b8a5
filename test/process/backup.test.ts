import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import { errorRecordSchema } from "../../server/protocol/records.ts";
import { backupRecordSchema, resetRecordSchema } from "../../server/protocol/repair.ts";
import { createDismissals } from "../../server/state/dismissals.ts";
import { runCli } from "../support/cliProcess.ts";
import { contentOf } from "../support/homeContent.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { manifestFor, zipOf } from "../support/zips.ts";

const facts: EditorFacts = {
  editor: { name: "Code", version: "1.107.0" },
  extensionVersion: "0.1.0",
  side: "local",
  trusted: true,
  inlineSuggestEnabled: true,
  quickSuggestions: true,
  completionExtensions: [],
  settings: { "model.contextSize": 2048 },
  server: { state: "running" },
};

describe("backup, restore and reset on the command line", () => {
  let home: ProcessHome;

  beforeEach(() => {
    home = createProcessHome();
    mkdirSync(join(home.path, "run"));
  });
  afterEach(() => home.remove());

  const run = (args: readonly string[], input = "") => runCli(args, { home: home.path, input });

  const json = async (args: readonly string[], input?: string) => {
    const { code, stdout } = await run([...args, "--json"], input);
    return { code, record: JSON.parse(stdout) as unknown };
  };

  it("brings back what was there, settings of the editor included", async () => {
    const dismissals = createDismissals(home.path);
    await dismissals.add("add.ts", ["one"]);
    const saved = await json(["backup", "--facts", "-"], JSON.stringify(facts));
    expect(saved.code).toBe(0);
    const { path, manifest } = backupRecordSchema.parse(saved.record);
    expect(path.startsWith(join(home.path, "backups"))).toBe(true);
    expect(manifest.files.map(({ name }) => name)).toEqual([
      "settings.json",
      "review/dismissed.json",
    ]);
    await dismissals.clear();
    const restored = await json(["restore", path]);
    expect(restored.code).toBe(0);
    const record = backupRecordSchema.parse(restored.record);
    expect(record.settings).toEqual(facts.settings);
    expect(existsSync(record.previous ?? "")).toBe(true);
    expect([...dismissals.of("add.ts")]).toEqual(["one"]);
    const text = await run(["restore", path]);
    expect(text.stdout).toContain('"starcoder.model.contextSize": 2048');
  });

  it("replaces no file without --force, and takes no facts that are none", async () => {
    const file = join(home.path, "saved.zip");
    writeFileSync(file, "mine");
    const refused = await json(["backup", file]);
    expect(refused.code).toBe(3);
    expect(errorRecordSchema.parse(refused.record).error.message).toContain("--force");
    expect(readFileSync(file, "utf8")).toBe("mine");
    const odd = await json(["backup", file, "--force", "--facts", "-"], "{}");
    expect(errorRecordSchema.parse(odd.record).error.code).toBe("VALIDATION_ERROR");
    expect((await run(["backup", file, "--force"])).code).toBe(0);
  });

  it("refuses a hostile backup and one of another version, and leaves the home as it was", async () => {
    const evil = { "review/dismissed.json": Buffer.from("{}"), "../evil.json": Buffer.from("{}") };
    writeFileSync(join(home.path, "evil.zip"), zipOf({}, manifestFor({}), evil));
    writeFileSync(join(home.path, "later.zip"), zipOf({}, manifestFor({}, { version: 99 })));
    const before = contentOf(home.path);
    for (const [name, code] of [
      ["evil.zip", "BACKUP_INVALID"],
      ["later.zip", "BACKUP_VERSION"],
      ["none.zip", "BACKUP_INVALID"],
    ] as const) {
      const { code: exit, record } = await json(["restore", join(home.path, name)]);
      expect(exit).toBe(3);
      expect(errorRecordSchema.parse(record).error).toMatchObject({ code });
      const { stderr } = await run(["restore", join(home.path, name)]);
      expect(stderr).toContain("Nothing was changed");
    }
    expect(contentOf(home.path)).toEqual(before);
  });

  it("deletes nothing before it is told to, and says what it would", async () => {
    await createDismissals(home.path).add("add.ts", ["one"]);
    const before = contentOf(home.path);
    const { code, stdout, stderr } = await run(["reset"]);
    expect(code).toBe(2);
    expect(stdout).toContain("dismissed findings: 1 file,");
    expect(stderr).toContain("--yes");
    const planned = await json(["reset", "--plan"]);
    expect(planned.code).toBe(0);
    expect(resetRecordSchema.parse(planned.record).done).toBe(false);
    expect(contentOf(home.path)).toEqual(before);
    const done = await json(["reset", "--yes"]);
    expect(done.code).toBe(0);
    const record = resetRecordSchema.parse(done.record);
    expect(existsSync(join(home.path, "review", "dismissed.json"))).toBe(false);
    await run(["restore", record.backup ?? ""]);
    expect([...createDismissals(home.path).of("add.ts")]).toEqual(["one"]);
  });

  it("resets no folder that is not its own", async () => {
    writeFileSync(join(home.path, "package.json"), "{}");
    const { code, record } = await json(["reset", "--yes"]);
    expect(code).toBe(3);
    expect(errorRecordSchema.parse(record).error.code).toBe("VALIDATION_ERROR");
    expect(existsSync(join(home.path, "package.json"))).toBe(true);
  });
});
