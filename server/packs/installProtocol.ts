import { z } from "zod";

/** What `dist/install.mjs` is told on standard input. */
export const installJobSchema = z.object({
  packages: z.array(
    z.object({
      /** Name and version, such as `@scope/name@1.2.3`. */
      spec: z.string(),
      /** What the package must be; absent: what the registry says of it. */
      integrity: z.string().optional(),
      /** The folder it is unpacked to. */
      folder: z.string(),
    }),
  ),
  /** Holds what is downloaded until it is unpacked. */
  cacheFolder: z.string(),
  /** How long the registry may be silent, in milliseconds. */
  silenceMs: z.number(),
});
export type InstallJob = z.infer<typeof installJobSchema>;

/** What it answers: one JSON line on standard output. */
export const installAnswerSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), spec: z.string(), reason: z.string() }),
]);
export type InstallAnswer = z.infer<typeof installAnswerSchema>;
