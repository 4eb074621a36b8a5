import type { ReviewFinding, ReviewResult } from "../../../../../server/protocol/review.ts";
import { readClientTraits } from "../../../../../server/lsp/review/clientTraits.ts";

/** A finding at `written` on a line (from 0) of a text, with a fix that writes `meant`. */
export function findingAt(
  text: string,
  line: number,
  written: string,
  meant: string,
  own: Partial<ReviewFinding> = {},
): ReviewFinding {
  const character = (text.split("\n")[line] ?? "").indexOf(written);
  if (character < 0) throw new Error(`${written} is not on line ${line}`);
  const range = {
    start: { line, character },
    end: { line, character: character + written.length },
  };
  return {
    rule: "starcoder/wrong-comparison",
    origin: "likelihood",
    category: "logic",
    severity: "warning",
    message: `\`${written}\` is unlikely here: did you mean \`${meant}\`?`,
    why: "To the model the code is 403 times as likely with this change (6.0 nats).",
    confidence: 0.9,
    odds: 6,
    shown: true,
    range,
    written,
    fix: { title: `Replace \`${written}\` by \`${meant}\``, edits: [{ range, newText: meant }] },
    related: [],
    tags: [],
    fingerprint: `${line} ${written}`,
    ...own,
  };
}

export function resultOf(
  findings: readonly ReviewFinding[],
  own: Partial<ReviewResult> = {},
): ReviewResult {
  return {
    score: 8,
    findings: [...findings],
    recommendations: [],
    reviewedLines: 3,
    unreviewedChunks: 0,
    tokensUsed: 0,
    durationMs: 1,
    ...own,
  };
}

/** A client that can do everything. */
export const ableClient = readClientTraits({
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      tagSupport: { valueSet: [1] },
    },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    hover: { contentFormat: ["markdown"] },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
  window: { workDoneProgress: true },
  experimental: { starcoder: { filtersDiagnostics: true, turnRuleOff: true } },
});

export const plainClient = readClientTraits({
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
  },
});
