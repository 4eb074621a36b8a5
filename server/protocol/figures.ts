/*
 * Sizes as people read them: the same for the same file in views, messages and on the command line.
 */

const units = ["B", "KB", "MB", "GB", "TB"] as const;

/** `8.4 MB`, `160 MB`, `25.3 GB`: powers of 1000, as disks and model files are sold. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`;
}

/** How many files, and how large they are together: `3 files, 1.2 MB`. */
export function formatFiles(files: number, bytes: number): string {
  return `${String(files)} ${files === 1 ? "file" : "files"}, ${formatBytes(bytes)}`;
}

/** A count in short: 7612345 → `7.6M`. */
export function formatCount(count: number): string {
  for (const [unit, size] of [
    ["B", 1e9],
    ["M", 1e6],
    ["K", 1e3],
  ] as const) {
    if (count >= size) {
      const value = count / size;
      return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)}${unit}`;
    }
  }
  return String(count);
}
