import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { FoundModel, ModelTool, ToolWorld } from "./foundModel.ts";
import { walkModels } from "./walk.ts";

const settingsSchema = z.object({ data_folder: z.string().min(1) });

/** Jan: `llamacpp/models/…/model.gguf` in its data folder, `models/…` in older versions. */
export const jan: ModelTool = {
  id: "jan",
  name: "Jan",
  async *find(world, signal): AsyncGenerator<FoundModel> {
    for (const folder of await foldersOf(world)) {
      for (const inner of [join("llamacpp", "models"), "models"]) {
        for await (const { path } of walkModels(join(folder, inner), { depth: 4, signal })) {
          const own = basename(path);
          yield { path, name: own === "model.gguf" ? basename(dirname(path)) : own };
        }
      }
    }
  },
};

async function foldersOf(world: ToolWorld): Promise<string[]> {
  const settings = settingsFolder(world);
  const chosen = world.env["JAN_DATA_FOLDER"] || (await chosenFolder(settings));
  const usual = [join(settings, "data"), join(world.userFolder, "jan")];
  return chosen === undefined ? usual : [chosen, ...usual];
}

function settingsFolder({ env, platform, userFolder }: ToolWorld): string {
  if (platform === "darwin") return join(userFolder, "Library", "Application Support", "Jan");
  if (platform === "win32") {
    return join(env["APPDATA"] || join(userFolder, "AppData", "Roaming"), "Jan");
  }
  return join(env["XDG_CONFIG_HOME"] || join(userFolder, ".config"), "Jan");
}

async function chosenFolder(folder: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(folder, "settings.json"), "utf8");
    return settingsSchema.parse(JSON.parse(text)).data_folder;
  } catch {
    return undefined;
  }
}
