import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from "vscode-languageserver/node";
import { URI, Utils } from "vscode-uri";
import type { DiagnosticData, ReviewFinding, RuleId, Severity } from "../../protocol/review.ts";
import type { ClientTraits } from "./clientTraits.ts";

/** Who says it, as editors show it. */
export const diagnosticSource = "StarCoder";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The URI of a rule's page in the product's folder. */
export function rulePageOf(rule: RuleId, productRoot: string): string {
  const name = rule.slice(rule.indexOf("/") + 1);
  return Utils.joinPath(URI.file(productRoot), "docs", "rules", `${name}.md`).toString();
}

/** A finding as LSP carries it; what the client did not declare is left out. */
export function toDiagnostic(
  uri: string,
  finding: ReviewFinding,
  traits: ClientTraits,
  productRoot: string,
): Diagnostic {
  const { range, rule, severity, message, fingerprint, confidence, related, tags } = finding;
  const data: DiagnosticData = { fingerprint, rule, confidence };
  return {
    range,
    message,
    severity: severities[severity],
    source: diagnosticSource,
    code: rule,
    data,
    ...(traits.codeDescription ? { codeDescription: { href: rulePageOf(rule, productRoot) } } : {}),
    ...(traits.tags && tags.length > 0 ? { tags: tags.map(() => DiagnosticTag.Unnecessary) } : {}),
    ...(traits.relatedInformation && related.length > 0
      ? {
          relatedInformation: related.map((each) => ({
            location: { uri, range: each.range },
            message: each.message,
          })),
        }
      : {}),
  };
}
