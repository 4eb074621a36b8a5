import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { discardDownload } from "../../../../server/models/store/discardDownload.ts";
import { listModels } from "../../../../server/models/store/listModels.ts";
import { removeModel } from "../../../../server/models/store/removeModel.ts";
import { recordModel } from "../../../../server/models/store/store.ts";
import type { StoredModel } from "../../../../server/protocol/models.ts";
import { writeChosenModel } from "../../../../server/state/chosenModel.ts";
import { temporaryFolder } from "../../../support/localEngine.ts";
import { ownProduct } from "../../../support/productCopy.ts";

const bundled = join(ownProduct, "media", "models", "starcoder-tiny.gguf");
const source = { kind: "url", url: "https://example.org/a.gguf" } as const;

let home: string;
beforeEach(() => {
  home = join(temporaryFolder(), "home");
  mkdirSync(join(home, "models", "downloads"), { recursive: true });
});

function copyTo(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(bundled, path);
  return path;
}

async function find(id: string): Promise<StoredModel> {
  const tools = { env: {}, platform: "linux", userFolder: join(home, "user") } as const;
  const options = { homePath: home, bundledModelPath: bundled, configured: "", tools };
  const { models } = await listModels(options);
  const found = models.find((model) => model.id === id);
  if (found === undefined) throw new Error(`${id}: ${models.map((one) => one.id).join()}`);
  return found;
}

describe("removing a model", () => {
  it("deletes all its parts, read-only as they are, and forgets it", async () => {
    const names = ["a-00001-of-00002.gguf", "a-00002-of-00002.gguf"];
    for (const name of names) copyTo(join(home, "models", name));
    const files = names.map((name) => ({ name }));
    await recordModel(home, { id: "a", name: "A", files, source });
    const { freedBytes } = await removeModel(home, await find("a"));
    expect(freedBytes).toBe(2 * 8_445_280);
    expect(readdirSync(join(home, "models")).sort()).toEqual(["downloads", "store.json"]);
    await expect(find("a")).rejects.toThrow();
  });

  it("forgets one whose file is gone", async () => {
    copyTo(join(home, "models", "a.gguf"));
    await recordModel(home, { id: "a", name: "A", files: [{ name: "a.gguf" }], source });
    const model = await find("a");
    await removeModel(home, model);
    expect(await removeModel(home, model)).toMatchObject({ freedBytes: 0 });
  });

  it("is refused for the chosen one", async () => {
    const path = copyTo(join(home, "models", "a.gguf"));
    writeChosenModel(home, { version: 1, path });
    await expect(removeModel(home, await find("a"))).rejects.toMatchObject({
      code: "MODEL_IN_USE",
    });
    expect(existsSync(path)).toBe(true);
  });

  it("is refused for the bundled one, and for files of other tools and of the user", async () => {
    const found = copyTo(join(home, "user", ".lmstudio", "models", "o", "r", "x.gguf"));
    const own = copyTo(join(home, "elsewhere", "own.gguf"));
    const refused = { code: "VALIDATION_ERROR" };
    await expect(removeModel(home, await find("starcoder-tiny"))).rejects.toMatchObject(refused);
    const model = await find("lm-studio-o-r-x");
    await expect(removeModel(home, model)).rejects.toMatchObject(refused);
    const users = { ...model, source: "added", path: own } as const;
    await expect(removeModel(home, users)).rejects.toMatchObject(refused);
    expect(existsSync(found) && existsSync(own)).toBe(true);
  });
});

describe("giving up a download", () => {
  it("deletes what is there of it, and nothing of one whose id begins alike", async () => {
    const folder = join(home, "models", "downloads");
    const put = (name: string, bytes: number) =>
      writeFileSync(join(folder, name), Buffer.alloc(bytes, 1));
    for (const name of ["a.part", "a.part2", "a.part.ranges.json"]) put(name, 1000);
    for (const name of ["a.b.part", "ab.part", "a.b.state.json"]) put(name, 1000);
    const { freedBytes, files } = await discardDownload(home, "a");
    expect(freedBytes).toBe(2000);
    expect(files).toEqual([join(folder, "a.part"), join(folder, "a.part2")]);
    expect(readdirSync(folder).sort()).toEqual(["a.b.part", "a.b.state.json", "ab.part"]);
  });
});
