import type { PromptPart } from "../../protocol/host.ts";
import type { Family } from "./families.ts";

/** How a file starts for a family of models that learned files by their paths; else empty. */
export function fileStart({ repository }: Family, path: string): readonly PromptPart[] {
  return repository === undefined ? [] : [{ special: repository.file }, { text: `${path}\n` }];
}
