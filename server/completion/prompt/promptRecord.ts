import type { PromptRecord } from "../../protocol/explain.ts";
import type { PromptPart } from "../../protocol/host.ts";
import { readsPrefixLast, type Family } from "./families.ts";
import type { PreparedPrompt } from "./prompter.ts";

/** What each part of a prompt of this family is for, in the order of its parts. */
export function rolesOf(family: Family, parts: readonly PromptPart[]): string[] {
  const { repository } = family;
  const lastFile =
    repository === undefined
      ? -1
      : parts.findLastIndex((part) => "special" in part && part.special === repository.file);
  let role = "text";
  return parts.map((part, index) => {
    if ("text" in part) return role;
    role = roleAfter(family, part.special, index === lastFile);
    return `marker of ${role}`;
  });
}

function roleAfter(family: Family, special: string, isLastFile: boolean): string {
  // The whole window follows the last marker where the family reads it after the suffix.
  if (special === family.suffix) return "suffix";
  if (special === family.middle) return readsPrefixLast(family) ? "prefix" : "middle";
  if (special === family.prefix) return "prefix";
  if (special === family.repository?.repository) return "repository";
  return isLastFile ? "path" : "snippet";
}

/** The texts of a prompt, one by one as the host makes tokens of them. */
export function textsOf(parts: readonly PromptPart[]): string[] {
  return parts.flatMap((part) => ("text" in part ? [part.text] : []));
}

/** @param counts tokens of each text of `textsOf`; a special token is one. */
export function toPromptRecord(
  { prompt, heal, limits }: PreparedPrompt,
  family: Family,
  counts: readonly number[],
): PromptRecord {
  const roles = rolesOf(family, prompt);
  let texts = 0;
  const parts = prompt.map((part, index): PromptRecord["parts"][number] => {
    const role = roles[index] ?? "text";
    return "text" in part
      ? { kind: "text", role, text: part.text, tokens: counts[texts++] ?? 0 }
      : { kind: "special", role, text: part.special, tokens: 1 };
  });
  return {
    purpose: "completion",
    parts,
    heal,
    totalTokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    budgetTokens: limits.tokens,
  };
}
