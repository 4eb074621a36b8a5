import type { WorkflowDependencies } from "./dependencies.ts";
import { readPrompts } from "./readPrompts.ts";
import { runTask } from "./runTask.ts";
import type { Workflow } from "./types.ts";

/** Creates the workflow; tasks may run at once, each by itself. */
export function createWorkflow(dependencies: WorkflowDependencies): Workflow {
  return {
    run: (request, onProgress, signal) => runTask(dependencies, request, onProgress, signal),
    prompts: (request, step, signal) => readPrompts(dependencies, request, step, signal),
  };
}
