/** How many files, and how large they are together, for people: `3 files, 1.2 MB`. */
export function filesText(files: number, bytes: number): string {
  return `${String(files)} ${files === 1 ? "file" : "files"}, ${bytesText(bytes)}`;
}

function bytesText(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
