import { basename, join } from "node:path";
import type { FoundModel, ModelTool, ToolWorld } from "./foundModel.ts";
import { walkModels } from "./walk.ts";

/** The cache of Hugging Face's own libraries: `models--OWNER--NAME/snapshots/COMMIT/FILE.gguf`. */
export const huggingFace: ModelTool = {
  id: "hugging-face",
  name: "Hugging Face",
  async *find(world, signal): AsyncGenerator<FoundModel> {
    for await (const { path, below } of walkModels(folderOf(world), { depth: 5, signal })) {
      const [repository = "", kind] = below;
      if (kind !== "snapshots" || !repository.startsWith("models--")) continue;
      const owner = repository.slice("models--".length).replaceAll("--", "/");
      yield { path, name: `${owner}/${basename(path)}` };
    }
  },
};

function folderOf({ env, userFolder }: ToolWorld): string {
  if (env["HF_HUB_CACHE"]) return env["HF_HUB_CACHE"];
  const cache = env["XDG_CACHE_HOME"] || join(userFolder, ".cache");
  return join(env["HF_HOME"] || join(cache, "huggingface"), "hub");
}
