import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  addEntry,
  loadCatalogue,
  removeEntry,
} from "../../../../server/models/catalogue/catalogue.ts";
import { shippedEntries } from "../../../../server/models/catalogue/shippedEntries.ts";
import { catalogueEntrySchema, type CatalogueEntry } from "../../../../server/protocol/models.ts";

const shipped = shippedEntries();

function entry(id: string, path = `/models/${id}.gguf`): CatalogueEntry {
  return catalogueEntrySchema.parse({
    id,
    name: id,
    source: { kind: "file", path },
    quantizations: [],
  });
}

describe("the catalogue", () => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "starcoder-catalogue-"));
    file = join(home, "catalogue.json");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const added = () => loadCatalogue(home).entries.slice(shipped.length);

  it("is what the product ships where nothing was added", () => {
    expect(loadCatalogue(home)).toEqual({ entries: shipped, added: [] });
  });

  it("lists what was added after that, in a file for this user alone", async () => {
    await addEntry(home, entry("mine"));
    expect(loadCatalogue(home).entries).toEqual([...shipped, entry("mine")]);
    expect(loadCatalogue(home).added).toEqual(["mine"]);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("makes the home where there is none", async () => {
    home = join(home, "new");
    await addEntry(home, entry("mine"));
    expect(added()).toHaveLength(1);
    home = join(home, "..");
  });

  it("gives an id that is taken a number, and replaces what has the same source", async () => {
    await addEntry(home, entry("starcoder2-3b", "/a.gguf"));
    expect(await addEntry(home, entry("starcoder2-3b", "/b.gguf"))).toMatchObject({
      id: "starcoder2-3b-3",
    });
    expect(await addEntry(home, { ...entry("other", "/a.gguf"), notes: ["again"] })).toMatchObject({
      id: "other",
    });
    expect(added().map(({ id }) => id)).toEqual(["starcoder2-3b-3", "other"]);
  });

  it("lists both where a later product ships what the user called so", () => {
    const entries = [entry("starcoder2-3b"), entry("mine")];
    writeFileSync(file, JSON.stringify({ version: 1, entries }));
    expect(added().map(({ id }) => id)).toEqual(["starcoder2-3b-2", "mine"]);
  });

  it("loses nothing when many add at once", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => addEntry(home, entry(`m${index}`))));
    expect(
      added()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
  });

  it("takes away what was added, and nothing else", async () => {
    await addEntry(home, entry("mine"));
    await addEntry(home, entry("other"));
    expect(await removeEntry(home, "mine")).toEqual(entry("mine"));
    expect(await removeEntry(home, "mine")).toBeUndefined();
    expect(await removeEntry(home, "starcoder2-3b")).toBeUndefined();
    expect(added()).toEqual([entry("other")]);
  });

  it.each([
    ["no JSON", "{"],
    ["of another form", "[]"],
    ["of a later version", '{"version":2,"entries":[]}'],
    ["larger than any list", " ".repeat(5_000_000)],
  ])("that is %s is named, hides nothing shipped and is not overwritten", async (_, text) => {
    writeFileSync(file, text);
    const { entries, problem } = loadCatalogue(home);
    expect(entries).toEqual(shipped);
    expect(problem?.code).toBe("CATALOGUE_INVALID");
    await expect(addEntry(home, entry("mine"))).rejects.toMatchObject({
      code: "CATALOGUE_INVALID",
    });
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("keeps the sound entries of a file with wrong ones, and says which is wrong", async () => {
    const bundled = { ...entry("b"), source: { kind: "bundled" } };
    const entries = [entry("a"), bundled, entry("c"), { id: "../d" }];
    writeFileSync(file, JSON.stringify({ version: 1, entries }));
    expect(added().map(({ id }) => id)).toEqual(["a", "c"]);
    expect(loadCatalogue(home).problem?.message).toContain("entry 2");
    await expect(removeEntry(home, "a")).rejects.toMatchObject({ code: "CATALOGUE_INVALID" });
  });

  it("says where a home cannot be written", async () => {
    writeFileSync(join(home, "occupied"), "");
    const where = join(home, "occupied", "home");
    await expect(addEntry(where, entry("mine"))).rejects.toMatchObject({
      code: "HOME_NOT_WRITABLE",
    });
  });
});
