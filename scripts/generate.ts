/**
 * Writes what follows from the tables in server/protocol into package.json (contributions, trust),
 * README.md (settings and commands between their markers) and docs/errors.md. `--check` only compares: exit 1 and
 * the names of the files that differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { renderErrors } from "./generate/errors.ts";
import { renderManifest } from "./generate/manifest.ts";
import { renderReadme } from "./generate/readme.ts";

const renderers: Readonly<Record<string, (current: string) => string>> = {
  "package.json": renderManifest,
  "README.md": renderReadme,
  "docs/errors.md": renderErrors,
};

/** Each generated file with its text as it is and as it should be. */
export async function renderAll(): Promise<
  {
    readonly file: string;
    readonly path: string;
    readonly current: string;
    readonly next: string;
  }[]
> {
  return Promise.all(
    Object.entries(renderers).map(async ([file, render]) => {
      const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
      const current = readFileSync(path, "utf8");
      const next = await format(render(current), { filepath: path, printWidth: 100 });
      return { file, path, current, next };
    }),
  );
}

async function main(checkOnly: boolean): Promise<void> {
  const stale = (await renderAll()).filter(({ current, next }) => current !== next);
  for (const { file, path, next } of stale) {
    console.log(checkOnly ? `${file} is out of date: run npm run generate` : `wrote ${file}`);
    if (!checkOnly) writeFileSync(path, next);
  }
  if (checkOnly && stale.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.includes("--check"));
}
