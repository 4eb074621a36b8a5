import type { ChatMessage } from "../../protocol/host.ts";
import { languageTraits } from "../language.ts";
import type { Share } from "../room.ts";
import type { Run } from "../run.ts";
import { listOf, section } from "../../text/promptSections.ts";
import { contextText } from "../sections.ts";

/**
 * What an instruction-tuned model is told, by `prompts/generate.md`.
 * @throws CodedError PROMPT_INVALID
 */
export function generateMessages(run: Run, share: Share): ChatMessage[] {
  const { task, place } = run;
  const prompts = run.prompts.generate();
  const language = languageTraits(place.languageId).fence;
  const requirements = listOf(task.requirements);
  const tests = (task.tests ?? "").slice(0, share.tests).trimEnd();
  const around = contextText(run, share);
  return [
    { role: "system", text: prompts.system({}) },
    {
      role: "user",
      text: prompts.task({
        ...{ language, path: place.path, task: task.task.trim() },
        requirements: section(requirements, () => prompts.requirements({ list: requirements })),
        tests: section(tests, () => prompts.tests({ language, code: tests })),
        context: section(around.before + around.after, () =>
          prompts.context({ language, ...around }),
        ),
      }),
    },
  ];
}
