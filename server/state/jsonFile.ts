import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { z } from "zod";

/** The content of a small JSON file; `undefined` where it is missing, damaged, too long or of another form. */
export function readJson<Value>(
  path: string,
  schema: z.ZodType<Value>,
  maxBytes: number,
): Value | undefined {
  try {
    if (statSync(path).size > maxBytes) return undefined;
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a JSON file, mode 0600, so that a reader sees the old one or the whole new one.
 * @throws what the system reports where it cannot be written
 */
export function writeJson(path: string, value: unknown): void {
  const partial = `${path}.${String(process.pid)}-${randomBytes(4).toString("hex")}.partial`;
  try {
    writeFileSync(partial, JSON.stringify(value), { mode: 0o600 });
    renameSync(partial, path);
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw thrown;
  }
}
