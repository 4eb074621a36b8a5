import type { PromptRecord } from "../protocol/explain.ts";

/** A prompt for people: its parts by role with their tokens. */
export function describePrompt(prompt: PromptRecord, title: string): string {
  const { parts, heal, totalTokens, budgetTokens } = prompt;
  const most = budgetTokens === undefined ? "" : ` of at most ${budgetTokens}`;
  return [
    `${title}: ${totalTokens}${most} tokens`,
    ...parts.flatMap(({ kind, role, text, tokens }) =>
      kind === "special"
        ? [`── ${text} · ${role}, 1 token`]
        : [`── ${role}, ${tokens} ${tokens === 1 ? "token" : "tokens"}`, text],
    ),
    heal === ""
      ? "── end"
      : `── end; ${JSON.stringify(heal)} is cut from it, the model must begin with it`,
  ].join("\n");
}

/** Exactly what the model reads. */
export function rawPrompt({ parts }: PromptRecord): string {
  return parts.map(({ text }) => text).join("");
}
