import type { ChatMessage } from "../../protocol/host.ts";
import { languageTraits } from "../language.ts";
import type { CodeReview } from "../reviewCode.ts";
import type { Share } from "../room.ts";
import type { Run } from "../run.ts";
import { listOf, section } from "../../text/promptSections.ts";
import { contextText } from "../sections.ts";

/** What a revision starts from. */
export interface ReviseQuestion {
  readonly code: string;
  /** Absent where there was no review. */
  readonly review?: CodeReview | undefined;
  /** Whether the task is a change of this code, not what it is for. */
  readonly isChange: boolean;
}

/** So many findings are told at most, the likeliest first. */
const mostFindings = 12;

/**
 * What an instruction-tuned model is told, by `prompts/revise.md`.
 * @throws CodedError PROMPT_INVALID
 */
export function reviseMessages(run: Run, question: ReviseQuestion, share: Share): ChatMessage[] {
  const { task, place } = run;
  const { code, review, isChange } = question;
  const prompts = run.prompts.revise();
  const language = languageTraits(place.languageId).fence;
  const told = task.task.trim();
  const tests = (task.tests ?? "").slice(0, share.tests).trimEnd();
  const around = contextText(run, share);
  const lists = {
    requirements: listOf(task.requirements),
    findings: listOf(findingsOf(review)),
    recommendations: listOf((review?.recommendations ?? []).map(({ message }) => message)),
  };
  return [
    { role: "system", text: prompts.system({}) },
    {
      role: "user",
      text: prompts.revise({
        ...{ language, path: place.path, code },
        instruction: section(told, () =>
          isChange ? prompts.change({ task: told }) : prompts.task({ task: told }),
        ).trimStart(),
        requirements: section(lists.requirements, () =>
          prompts.requirements({ list: lists.requirements }),
        ),
        findings: section(lists.findings, () => prompts.findings({ list: lists.findings })),
        recommendations: section(lists.recommendations, () =>
          prompts.recommendations({ list: lists.recommendations }),
        ),
        tests: section(tests, () => prompts.tests({ language, code: tests })),
        context: section(around.before + around.after, () =>
          prompts.context({ language, ...around }),
        ),
      }),
    },
  ];
}

function findingsOf(review: CodeReview | undefined): string[] {
  const findings = review?.findings ?? [];
  return findings
    .filter(({ shown, confidence }) => shown || confidence >= 0.5)
    .slice(0, mostFindings)
    .map(({ range, message, written }) => {
      const code = written.trim().split("\n")[0] ?? "";
      return `line ${range.start.line + 1}, \`${code}\`: ${message}`;
    });
}
