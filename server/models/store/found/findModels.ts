import type { FoundModel, ModelTool, ToolWorld } from "./foundModel.ts";
import { huggingFace } from "./huggingFace.ts";
import { jan } from "./jan.ts";
import { llamaCpp } from "./llamaCpp.ts";
import { lmStudio } from "./lmStudio.ts";
import { ollama } from "./ollama.ts";

export const modelTools: readonly ModelTool[] = [lmStudio, ollama, llamaCpp, huggingFace, jan];

/** A list is wanted now: a drive that answers slowly, or never, is not waited for. */
const patienceMs = 2000;
const mostModels = 300;

/** What other tools downloaded, by tool; looks at all of them at once, for two seconds at most. */
export async function findModels(
  world: ToolWorld,
): Promise<(FoundModel & { readonly tool: Pick<ModelTool, "id" | "name"> })[]> {
  const abort = new AbortController();
  const found = modelTools.map(() => [] as FoundModel[]);
  const searches = modelTools.map(async (tool, index) => {
    for await (const model of tool.find(world, abort.signal)) {
      if (abort.signal.aborted) return;
      found[index]?.push(model);
      if ((found[index]?.length ?? 0) >= mostModels) return;
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
  await Promise.race([Promise.allSettled(searches), tooLate]);
  clearTimeout(timer);
  abort.abort();
  return modelTools.flatMap((tool, index) =>
    (found[index] ?? []).map((model) => ({ ...model, tool })),
  );
}
