import { rm } from "node:fs/promises";
import { engineKey } from "../../../server/state/engineKey.ts";
import { openHome } from "../../../server/state/home.ts";
import { runPathsOf } from "../../../server/state/runPaths.ts";
import {
  noUsage,
  type HostConfig,
  type WeighParams,
  type WeighResult,
} from "../../../server/protocol/host.ts";
import { productVersion } from "../../../server/protocol/version.ts";
import { readyState, startFakeHost } from "../../support/fakeHost.ts";

/** What the double thinks of a change: where its line holds `line`, writing `text` has these odds. */
export interface Opinion {
  readonly line: string;
  readonly text: string;
  /** Nats, of the change and of what follows it. */
  readonly change: number;
  readonly after: number;
}

/** What every other change is thought of: nothing. */
const unlikely = { change: -9, after: -1 };

/**
 * A model host whose odds are given, in place of a model: all of our own processes are real, and what
 * is found does not hang on what a model says. It stands where a server with default settings, this
 * model path and this home looks for a running host.
 */
export async function startWeighingHost(
  home: string,
  modelPath: string,
  opinions: readonly Opinion[],
): Promise<() => Promise<void>> {
  const config: HostConfig = {
    modelPath,
    backend: "auto",
    contextSize: 0,
    kvType: "f16",
    gpuLayers: -1,
    threads: 0,
    prefillThreads: 0,
    idleTimeoutSeconds: 300,
    unloadAfterSeconds: 0,
  };
  const { socketPath, runFilePath } = runPathsOf(openHome(home), engineKey(config));
  const launch = {
    config,
    socketPath,
    runFilePath,
    token: "weighing",
    hostVersion: productVersion,
  };
  const host = await startFakeHost(launch, process.pid, {
    // A family and a size whose curve was fitted.
    state: {
      ...readyState,
      model: {
        ...readyState.model,
        path: modelPath,
        architecture: "qwen2",
        name: "Given Odds",
        parameters: 630_167_424,
        specialTokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_sep|>"],
      },
    },
    weigh: (params) => Promise.resolve(weigh(params, opinions)),
    generate: () => Promise.resolve({ finish: "stop", usage: noUsage }),
  });
  return async () => {
    host.kill();
    // It names this process, which nobody shall end.
    await rm(runFilePath, { force: true });
  };
}

function weigh({ text, from, alternatives }: WeighParams, opinions: readonly Opinion[]) {
  const result: WeighResult = {
    tokens: [...text.slice(from).matchAll(/\s*\S+/g)].map(({ index, 0: token }) => ({
      end: from + index + token.length,
      logProbability: -1,
      bestLogProbability: -0.5,
    })),
    alternatives: alternatives.map(({ changes }) => {
      const [change] = changes;
      const lineEnd = text.indexOf("\n", change?.start ?? 0);
      const line = text.slice(
        text.lastIndexOf("\n", (change?.start ?? 0) - 1) + 1,
        lineEnd < 0 ? text.length : lineEnd,
      );
      const { change: own, after } =
        opinions.find((each) => line.includes(each.line) && change?.text === each.text) ?? unlikely;
      return { first: own, written: -8, odds: { change: own, after, complete: true } };
    }),
    usage: noUsage,
  };
  return result;
}
