import { NotificationType, RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { editorFactsSchema } from "./editorFacts.ts";
import { doctorReportSchema, type DoctorReport } from "./records.ts";
import type { Status } from "./status.ts";

export * from "./status.ts";

/*
 * What the language server and its client say to each other beyond LSP: typed messages and their
 * schemas, nothing else. Both sides parse what they receive.
 */

/** Server → client, on every change. */
export const statusNotification = new NotificationType<Status>("starcoder/status");

export const doctorParamsSchema = z.object({
  /** The slow checks, too. */
  full: z.boolean().optional(),
  /** What only the editor knows; checks of it are skipped without. */
  facts: editorFactsSchema.optional(),
});
export type DoctorParams = z.infer<typeof doctorParamsSchema>;

/** Client → server: run the doctor's checks; the parameters may be left out. */
export const doctorRequest = new RequestType<DoctorParams | undefined, DoctorReport, void>(
  "starcoder/doctor",
);
export { doctorReportSchema };

export const cursorParamsSchema = z.object({
  textDocument: z.object({ uri: z.string() }),
  position: z.object({ line: z.number().int().min(0), character: z.number().int().min(0) }),
});
export type CursorParams = z.infer<typeof cursorParamsSchema>;

export const lateSuggestionSchema = z.object({
  uri: z.string(),
  /** Of the document when the suggestion was asked for. */
  version: z.number(),
  position: cursorParamsSchema.shape.position,
});
export type LateSuggestion = z.infer<typeof lateSuggestionSchema>;

/**
 * Server → client: an automatic request was answered with nothing, since its deadline had passed or
 * the model was still starting, and is worth asking again now. A client whose cursor still is there
 * may do so.
 */
export const lateSuggestionNotification = new NotificationType<LateSuggestion>(
  "starcoder/lateSuggestion",
);

export const windowFocusParamsSchema = z.object({ focused: z.boolean() });

/**
 * Client → server: whether its window has the focus, so that the model serves the window that is
 * typed in first. Optional: a window of which nothing is said has it.
 */
export const windowFocusNotification = new NotificationType<
  z.infer<typeof windowFocusParamsSchema>
>("starcoder/focus");

/**
 * Client → server: the cursor rests here (editor activated, selection moved and left alone), so that
 * the prompt of the next key can be warmed. Optional: a client that never sends it only waits longer.
 */
export const cursorNotification = new NotificationType<CursorParams>("starcoder/cursor");
