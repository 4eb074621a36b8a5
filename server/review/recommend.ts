import {
  ruleDeclarations,
  type Recommendation,
  type ReviewFinding,
  type RuleId,
} from "../protocol/review.ts";
import { weightOf } from "./score.ts";

/** Lines that one recommendation names at most. */
const mostLines = 100;

/**
 * Sums up the drawn findings by rule, comments by category; the most useful first, which is the
 * likeliest to matter: confidence that at least one is right, times the severity's weight.
 */
export function recommend(findings: readonly ReviewFinding[]): Recommendation[] {
  const groups = new Map<string, ReviewFinding[]>();
  for (const finding of findings) {
    if (!finding.shown) continue;
    const key = `${finding.rule} ${finding.category}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()]
    .map((group) => ({ group, use: useOf(group) }))
    .sort((a, b) => b.use - a.use)
    .flatMap(({ group }) => {
      const [first] = group;
      if (first === undefined) return [];
      const lines = [...new Set(group.map(({ range }) => range.start.line + 1))];
      return {
        rule: first.rule,
        category: first.category,
        message: messageOf(first.rule, group),
        count: group.length,
        confidence: anyRight(group),
        lines: lines.sort((a, b) => a - b).slice(0, mostLines),
      };
    });
}

function useOf(group: readonly ReviewFinding[]): number {
  return anyRight(group) * Math.max(...group.map(({ severity }) => weightOf(severity)));
}

function anyRight(group: readonly ReviewFinding[]): number {
  return 1 - group.reduce((none, { confidence }) => none * (1 - confidence), 1);
}

const advice: Readonly<Record<Exclude<RuleId, "starcoder/comment">, string>> = {
  "starcoder/wrong-identifier": "Check which variable is meant",
  "starcoder/wrong-member": "Check which member is meant",
  "starcoder/wrong-comparison": "Check which comparison is meant, above all at the limits",
  "starcoder/wrong-operator": "Check which operator is meant",
  "starcoder/negation": "Check whether the condition is the right way round",
  "starcoder/wrong-literal": "Check the value",
  "starcoder/swapped-arguments": "Check the order of the arguments",
  "starcoder/missing-await": "Wait for the promise, or say that it is not waited for",
  "starcoder/missing-return": "Return the value",
  "starcoder/same-operands": "Compare two different things, or remove the comparison",
};

function messageOf(rule: RuleId, group: readonly ReviewFinding[]): string {
  const places = group.length === 1 ? "" : ` (${group.length} places)`;
  if (rule !== "starcoder/comment") return `${advice[rule]}${places}.`;
  const [first] = group;
  if (group.length === 1 && first !== undefined) return first.message;
  const title = ruleDeclarations[rule].title.toLowerCase();
  return `Look at ${group.length} ${title}s about ${first?.category ?? "the code"}.`;
}
