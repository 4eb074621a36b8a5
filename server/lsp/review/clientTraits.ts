import { MarkupKind, type ClientCapabilities } from "vscode-languageserver/node";
import { z } from "zod";

/** What matters of a client for showing what a review found. */
export interface ClientTraits {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly tags: boolean;
  /** Edits that name the version of the document they are for. */
  readonly documentChanges: boolean;
  /** Code actions that are more than commands. */
  readonly codeActionLiterals: boolean;
  readonly markdownHover: boolean;
  readonly workDoneProgress: boolean;
  /** Leaves out findings where another tool reports an error: a server cannot see those. */
  readonly filtersDiagnostics: boolean;
  /** Has the command `starcoder.review.turnRuleOff`. */
  readonly turnRuleOff: boolean;
}

const ownSchema = z.object({
  starcoder: z.object({
    filtersDiagnostics: z.boolean().optional(),
    turnRuleOff: z.boolean().optional(),
  }),
});

export function readClientTraits(capabilities: ClientCapabilities): ClientTraits {
  const { textDocument, workspace, window } = capabilities;
  const diagnostics = textDocument?.publishDiagnostics;
  const own = ownSchema.safeParse(capabilities.experimental).data?.starcoder;
  return {
    relatedInformation: diagnostics?.relatedInformation === true,
    codeDescription: diagnostics?.codeDescriptionSupport === true,
    tags: diagnostics?.tagSupport !== undefined,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    markdownHover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    workDoneProgress: window?.workDoneProgress === true,
    filtersDiagnostics: own?.filtersDiagnostics === true,
    turnRuleOff: own?.turnRuleOff === true,
  };
}
