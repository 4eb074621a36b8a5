import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import type { FoundModel, ModelTool, ToolWorld } from "./foundModel.ts";
import { walkModels } from "./walk.ts";

const settingsSchema = z.object({ downloadsFolder: z.string().min(1) });

/** LM Studio: `models/OWNER/REPOSITORY/FILE.gguf`. */
export const lmStudio: ModelTool = {
  id: "lm-studio",
  name: "LM Studio",
  async *find(world, signal): AsyncGenerator<FoundModel> {
    for (const folder of await foldersOf(world)) {
      for await (const { path, below } of walkModels(folder, { depth: 4, signal })) {
        yield { path, name: [...below.slice(0, 2), basename(path)].join("/") };
      }
    }
  },
};

async function foldersOf({ userFolder }: ToolWorld): Promise<string[]> {
  const places = [join(userFolder, ".lmstudio"), join(userFolder, ".cache", "lm-studio")];
  const chosen = await Promise.all(places.map((place) => chosenFolder(place)));
  return [...chosen.flatMap((folder) => folder ?? []), ...places.map((at) => join(at, "models"))];
}

async function chosenFolder(place: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(place, "settings.json"), "utf8");
    return settingsSchema.parse(JSON.parse(text)).downloadsFolder;
  } catch {
    return undefined;
  }
}
