import type { Workflow } from "../workflow/types.ts";

/** A workflow that is wired at its first use. */
export function lazyWorkflow(create: () => Promise<Workflow>): Workflow {
  let created: Promise<Workflow> | undefined;
  const ready = (): Promise<Workflow> => (created ??= create());
  return {
    async run(request, onProgress, signal) {
      return (await ready()).run(request, onProgress, signal);
    },
    async prompts(request, step, signal) {
      return (await ready()).prompts(request, step, signal);
    },
  };
}
