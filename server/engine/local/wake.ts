import type { HostCalls } from "./hostCalls.ts";

/**
 * What has a host load a model that it unloaded. The answer, when the model is back, does not
 * matter: the state tells. Until then it is not asked again, though every key wants it.
 */
export function createWake({ warm }: Pick<HostCalls, "warm">): () => void {
  const prompt = [{ text: "\n" }];
  let waking = false;
  return () => {
    if (waking) return;
    waking = true;
    void warm({ prompt, priority: "typing" }, new AbortController().signal).finally(() => {
      waking = false;
    });
  };
}
