import { join } from "node:path";
import { z } from "zod";
import { backendSchema } from "../../protocol/host.ts";
import { withFileLock } from "../../state/fileLock.ts";
import { readJson, writeJson } from "../../state/jsonFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";
import { probeWorksSchema } from "./probe.ts";

/*
 * `speeds.json` of the home: how fast models ran on this machine, and what its native library said
 * when it was last probed, since both are slow to find out.
 */

const measuredSpeedSchema = z.object({
  modelPath: z.string(),
  weightsBytes: z.number().positive(),
  parameters: z.number().positive(),
  backend: backendSchema.exclude(["auto"]),
  /** Tokens a second. */
  prefillPerSecond: z.number().positive().optional(),
  decodePerSecond: z.number().positive().optional(),
});
/** How fast a model ran on this machine. */
export type MeasuredSpeed = z.infer<typeof measuredSpeedSchema>;

const probedSchema = z.object({
  /** What must be the same for the probe to be true still. */
  key: z.string(),
  at: z.number(),
  probe: probeWorksSchema,
});
export type Probed = z.infer<typeof probedSchema>;

const speedsFileSchema = z.object({
  version: z.literal(1),
  speeds: z.array(measuredSpeedSchema),
  probed: probedSchema.optional(),
});
type SpeedsFile = z.infer<typeof speedsFileSchema>;

const longest = 1024 * 1024;
const mostSpeeds = 50;

/** Speeds measured here, the latest first; none where nothing was, or the file is damaged. */
export function readSpeeds(homePath: string): readonly MeasuredSpeed[] {
  return read(homePath).speeds;
}

/**
 * Keeps how fast a model ran, in place of what was known of it with this backend. Changes smaller
 * than a tenth are not written. Never rejects: a speed that is not kept is measured again.
 */
export async function rememberSpeed(homePath: string, speed: MeasuredSpeed): Promise<void> {
  const parsed = measuredSpeedSchema.safeParse(speed);
  if (!parsed.success) return;
  const known = read(homePath).speeds.find((other) => isSame(other, speed));
  if (known !== undefined && isClose(known, parsed.data)) return;
  await change(homePath, (file) => ({
    ...file,
    speeds: [parsed.data, ...file.speeds.filter((other) => !isSame(other, speed))].slice(
      0,
      mostSpeeds,
    ),
  }));
}

/** What the last probe said, if it was made under the same key within the given time. */
export function readProbed(homePath: string, key: string, since: number): Probed | undefined {
  const { probed } = read(homePath);
  return probed?.key === key && probed.at >= since ? probed : undefined;
}

/** Keeps what a probe said. Never rejects. */
export async function rememberProbed(homePath: string, probed: Probed): Promise<void> {
  await change(homePath, (file) => ({ ...file, probed }));
}

function read(homePath: string): SpeedsFile {
  return readJson(pathOf(homePath), speedsFileSchema, longest) ?? { version: 1, speeds: [] };
}

async function change(homePath: string, act: (file: SpeedsFile) => SpeedsFile): Promise<void> {
  try {
    makeFolder(homePath);
    const path = pathOf(homePath);
    await withFileLock(path, () => writeJson(path, act(read(homePath))));
  } catch {
    // A home that cannot be written is named elsewhere.
  }
}

function pathOf(homePath: string): string {
  return join(homePath, "speeds.json");
}

function isSame(left: MeasuredSpeed, right: MeasuredSpeed): boolean {
  return left.modelPath === right.modelPath && left.backend === right.backend;
}

function isClose(known: MeasuredSpeed, now: MeasuredSpeed): boolean {
  const near = (before: number | undefined, after: number | undefined): boolean =>
    after === undefined || (before !== undefined && Math.abs(after / before - 1) < 0.1);
  return (
    known.weightsBytes === now.weightsBytes &&
    near(known.prefillPerSecond, now.prefillPerSecond) &&
    near(known.decodePerSecond, now.decodePerSecond)
  );
}
