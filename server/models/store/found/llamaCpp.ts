import { basename, join } from "node:path";
import type { FoundModel, ModelTool, ToolWorld } from "./foundModel.ts";
import { walkModels } from "./walk.ts";

/** llama.cpp: what its `-hf` option fetched lies in one folder. */
export const llamaCpp: ModelTool = {
  id: "llama-cpp",
  name: "llama.cpp",
  async *find(world, signal): AsyncGenerator<FoundModel> {
    for await (const { path } of walkModels(folderOf(world), { depth: 1, signal })) {
      yield { path, name: basename(path) };
    }
  },
};

function folderOf({ env, platform, userFolder }: ToolWorld): string {
  if (env["LLAMA_CACHE"]) return env["LLAMA_CACHE"];
  if (platform === "darwin") return join(userFolder, "Library", "Caches", "llama.cpp");
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] || join(userFolder, "AppData", "Local"), "llama.cpp");
  }
  return join(env["XDG_CACHE_HOME"] || join(userFolder, ".cache"), "llama.cpp");
}
