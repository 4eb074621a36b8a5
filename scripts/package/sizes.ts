import type { PackedFile } from "./readVsix.ts";

/** Bytes of one part of a VSIX. */
export interface PartSize {
  readonly name: string;
  readonly packedBytes: number;
  readonly bytes: number;
}

/** The parts of a VSIX, the largest as packed first. */
export function partsOf(files: readonly PackedFile[]): readonly PartSize[] {
  const parts = new Map<string, { packedBytes: number; bytes: number }>();
  for (const { path, packedBytes, bytes } of files) {
    const name = partOf(path);
    const sum = parts.get(name) ?? { packedBytes: 0, bytes: 0 };
    parts.set(name, { packedBytes: sum.packedBytes + packedBytes, bytes: sum.bytes + bytes });
  }
  return [...parts]
    .map(([name, sizes]) => ({ name, ...sizes }))
    .sort((a, b) => b.packedBytes - a.packedBytes);
}

function partOf(path: string): string {
  const [top = "", second = "", third = ""] = path.split("/");
  if (top === "node_modules") {
    if (second === "@node-llama-cpp") return third;
    return second === "node-llama-cpp" ? second : "what node-llama-cpp needs";
  }
  if (top === "media") return second === "models" ? "the bundled model" : "media";
  return top === "dist" ? (second === "wasm" ? "grammars" : "dist") : "the rest";
}

/** One row of the report. */
export interface Row {
  readonly target: string;
  /** Of the VSIX; absent where it was not built. */
  readonly vsixBytes?: number;
  readonly parts: readonly PartSize[];
  readonly remark: string;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** The report as a table in Markdown. */
export function describeSizes(rows: readonly Row[]): string {
  const lines = rows.map(({ target, vsixBytes, parts, remark }) => {
    const unpacked = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const biggest = parts
      .slice(0, 4)
      .map(({ name, packedBytes }) => `${name} ${megabytes(packedBytes)}`)
      .join(", ");
    const [packed, all] =
      vsixBytes === undefined ? ["–", "–"] : [vsixBytes, unpacked].map(megabytes);
    return `| ${target} | ${packed ?? ""} | ${all ?? ""} | ${biggest} | ${remark} |`;
  });
  return [
    "| target | VSIX MB | unpacked MB | biggest parts, MB packed | |",
    "| --- | ---: | ---: | --- | --- |",
    ...lines,
  ].join("\n");
}
