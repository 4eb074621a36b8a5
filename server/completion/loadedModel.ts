import type { ModelDescription } from "../protocol/host.ts";
import type { EngineState } from "../engine/engine.ts";
import type { CompleterDependencies } from "./dependencies.ts";
import { detectFamily, type Family } from "./prompt/families.ts";
import { createPrompter, type Prompter } from "./prompt/prompter.ts";

/** What the completer knows of the model in use; made anew when the model changes. */
export interface LoadedModel<Curve> {
  readonly model: ModelDescription;
  readonly family: Family;
  readonly curve: Curve;
  readonly prompter: Prompter;
}

/** Remembers the model in use; `undefined` where it cannot fill in the middle. */
export function createModelMemory<Curve>(
  dependencies: CompleterDependencies<Curve>,
  onChange: () => void,
): (state: Extract<EngineState, { kind: "ready" }>) => LoadedModel<Curve> | undefined {
  let key: string | undefined;
  let loaded: LoadedModel<Curve> | undefined;
  return ({ model, backend }) => {
    const current = `${model.path}\n${model.fileSizeBytes}\n${model.contextSize}\n${backend.used}`;
    if (current === key) return loaded;
    if (key !== undefined) onChange();
    key = current;
    const family = detectFamily(model);
    loaded = family && {
      model,
      family,
      curve: dependencies.judgement.curveFor(model, family.id),
      prompter: createPrompter({
        model,
        family,
        usesGpu: backend.used !== "cpu",
        contextSources: dependencies.contextSources,
        repositoryName: dependencies.repositoryName ?? (() => "project"),
      }),
    };
    return loaded;
  };
}
