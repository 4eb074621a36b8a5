import { fileURLToPath } from "node:url";
import { systemClock } from "../../server/engine/clock.ts";
import { createHostService, type HostService } from "../../server/host/hostService.ts";
import { loadModel } from "../../server/host/llama.ts";
import type { HostModel } from "../../server/host/model.ts";
import { checkModelFile } from "../../server/host/modelFile.ts";
import { createLogger } from "../../server/logs/logger.ts";
import type { HostConfig } from "../../server/protocol/host.ts";

export const bundledModelPath = fileURLToPath(
  new URL("../../media/models/starcoder-tiny.gguf", import.meta.url),
);

export const bundledModelConfig: HostConfig = {
  modelPath: bundledModelPath,
  backend: "cpu",
  contextSize: 0,
  kvType: "f16",
  gpuLayers: -1,
  threads: 1,
  prefillThreads: 1,
  idleTimeoutSeconds: 60,
  unloadAfterSeconds: 0,
};

export const quietLog = createLogger({
  service: "host",
  sinks: [],
  level: () => "off",
  now: () => new Date(0),
});

/** The host's own service on the bundled model, in this process; dispose the service. */
export async function startBundledModel(
  changes: Partial<HostConfig> = {},
): Promise<{ readonly model: HostModel; readonly service: HostService }> {
  const config = { ...bundledModelConfig, ...changes };
  let model: HostModel | undefined;
  const service = createHostService({
    async load() {
      model = await loadModel(config, await checkModelFile(config.modelPath), quietLog);
      return model;
    },
    ...systemClock,
    log: quietLog,
  });
  await service.start();
  if (model === undefined) throw new Error("The bundled model was not loaded.");
  return { model, service };
}
