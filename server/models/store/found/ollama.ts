import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { FoundModel, ModelTool, ToolWorld } from "./foundModel.ts";

const manifestSchema = z.object({
  layers: z.array(
    z.object({ mediaType: z.string(), digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
  ),
});

const mostManifests = 1000;
const longestManifest = 256 * 1024;

/** Ollama: `manifests/REGISTRY/NAMESPACE/MODEL/TAG` names the file in `blobs` by its hash. */
export const ollama: ModelTool = {
  id: "ollama",
  name: "Ollama",
  async *find(world, signal): AsyncGenerator<FoundModel> {
    for (const folder of foldersOf(world)) {
      let left = mostManifests;
      for await (const names of manifests(join(folder, "manifests"))) {
        left -= 1;
        if (signal.aborted || left < 0) return;
        const sha256 = await modelOf(join(folder, "manifests", ...names));
        if (sha256 === undefined) continue;
        const [, namespace = "", model = "", tag = ""] = names;
        const owner = namespace === "library" ? "" : `${namespace}/`;
        const path = join(folder, "blobs", `sha256-${sha256}`);
        yield { path, name: `${owner}${model}:${tag}`, sha256 };
      }
    }
  },
};

function foldersOf({ env, platform, userFolder }: ToolWorld): string[] {
  const chosen = env["OLLAMA_MODELS"];
  if (chosen !== undefined && chosen !== "") return [chosen];
  const own = join(userFolder, ".ollama", "models");
  // Its service on Linux runs as a user of its own.
  return platform === "linux" ? [own, "/usr/share/ollama/.ollama/models"] : [own];
}

/** Registry, namespace, model and tag of each manifest. */
async function* manifests(folder: string, above: readonly string[] = []): AsyncGenerator<string[]> {
  const entries = await readdir(join(folder, ...above)).catch(() => []);
  for (const entry of entries) {
    if (above.length === 3) yield [...above, entry];
    else yield* manifests(folder, [...above, entry]);
  }
}

async function modelOf(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > longestManifest) return undefined;
    const { layers } = manifestSchema.parse(JSON.parse(await readFile(path, "utf8")));
    const model = layers.find(({ mediaType }) => mediaType.endsWith(".image.model"));
    return model?.digest.slice("sha256:".length);
  } catch {
    return undefined;
  }
}
