import {
  CodeActionKind,
  type CodeAction,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import {
  reviewServerCommands,
  ruleDeclarations,
  turnRuleOffCommand,
  type Range,
  type ReviewFinding,
} from "../../protocol/review.ts";
import type { ClientTraits } from "./clientTraits.ts";
import { overlap } from "./tracked.ts";
import { toDiagnostic } from "./diagnostic.ts";

/** Applies every fix at once; only when asked for by this very name. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.starcoder`;

export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

export interface CodeActionsOptions {
  readonly uri: string;
  readonly version: number;
  /** The findings that are drawn. */
  readonly findings: readonly ReviewFinding[];
  readonly range: Range;
  /** The kinds that the client asked for; undefined: any. */
  readonly only: readonly string[] | undefined;
  readonly traits: ClientTraits;
  readonly productRoot: string;
  /** The comment that suppresses a finding on its line or in its file. */
  readonly suppress: (finding: ReviewFinding, where: "line" | "file") => TextEdit;
}

/** What can be done about the findings in a range. */
export function toCodeActions(options: CodeActionsOptions): CodeAction[] {
  const { only, findings, range, traits } = options;
  if (!traits.codeActionLiterals) return [];
  if (only?.includes(fixAllKind) === true) return fixAll(options);
  if (only !== undefined && !only.some(includesQuickFix)) return [];
  return findings
    .filter((finding) => overlap(finding.range, range))
    .flatMap((finding) => actionsFor(finding, options));
}

/** Kinds are hierarchical: asking for the empty kind asks for all. */
function includesQuickFix(kind: string): boolean {
  return kind === "" || kind === CodeActionKind.QuickFix;
}

function actionsFor(finding: ReviewFinding, options: CodeActionsOptions): CodeAction[] {
  const { uri, traits, productRoot, suppress } = options;
  const { rule, fix, fingerprint } = finding;
  const diagnostics = [toDiagnostic(uri, finding, traits, productRoot)];
  const base = { kind: CodeActionKind.QuickFix, diagnostics };
  const actions: CodeAction[] = [];
  if (fix !== undefined) {
    actions.push({
      ...base,
      title: fix.title,
      isPreferred: true,
      edit: toEdit(fix.edits, options),
    });
  }
  const title = "Dismiss here";
  const dismiss = reviewServerCommands.dismiss;
  const dismissArguments = [{ uri, fingerprint }];
  actions.push({
    ...base,
    title,
    command: { title, command: dismiss, arguments: dismissArguments },
  });
  for (const where of ["line", "file"] as const) {
    const edit = toEdit([suppress(finding, where)], options);
    const suppressTitle = `Suppress ${rule} for this ${where} by a comment`;
    actions.push({ ...base, title: suppressTitle, edit });
  }
  if (traits.turnRuleOff) {
    const off = `Turn the rule "${ruleDeclarations[rule].title}" off`;
    const command = { title: off, command: turnRuleOffCommand, arguments: [rule] };
    actions.push({ ...base, title: off, command });
  }
  return actions;
}

/** The fixes of all findings, the likeliest first where two would change the same place. */
function fixAll(options: CodeActionsOptions): CodeAction[] {
  const chosen: TextEdit[] = [];
  for (const { fix } of [...options.findings].sort((a, b) => b.confidence - a.confidence)) {
    if (fix === undefined) continue;
    const collides = fix.edits.some(({ range }) =>
      chosen.some((each) => overlap(each.range, range)),
    );
    if (!collides) chosen.push(...fix.edits);
  }
  if (chosen.length === 0) return [];
  const title = "Apply all fixes of StarCoder";
  return [{ title, kind: fixAllKind, edit: toEdit(chosen, options) }];
}

function toEdit(edits: readonly TextEdit[], options: CodeActionsOptions): WorkspaceEdit {
  const { uri, version, traits } = options;
  if (!traits.documentChanges) return { changes: { [uri]: [...edits] } };
  return { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] };
}
