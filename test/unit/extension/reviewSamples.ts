import type { ReviewFinding, ReviewResult, ReviewState } from "../../../server/protocol/review.ts";

export function finding(rest: Partial<ReviewFinding> = {}): ReviewFinding {
  const range = { start: { line: 11, character: 4 }, end: { line: 11, character: 8 } };
  return {
    rule: "starcoder/wrong-identifier",
    origin: "likelihood",
    category: "correctness",
    severity: "warning",
    message: "Did you mean `b`?",
    why: "The code is 900 times as likely with it.",
    confidence: 0.93,
    odds: 6.8,
    shown: true,
    range,
    written: "a",
    fix: { title: "Change `a` to `b`", edits: [{ range, newText: "b" }] },
    related: [],
    tags: [],
    fingerprint: "f1",
    ...rest,
  };
}

export function result(rest: Partial<ReviewResult> = {}): ReviewResult {
  return {
    score: 9.12,
    findings: [],
    recommendations: [],
    reviewedLines: 40,
    unreviewedChunks: 0,
    tokensUsed: 900,
    durationMs: 1_234,
    ...rest,
  };
}

export function state(kind: ReviewState["state"], rest: Partial<ReviewState> = {}): ReviewState {
  return { uri: "file:///a.ts", state: kind, shown: 0, hidden: 0, done: 0, total: 0, ...rest };
}
