import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** Every path under a folder with what stands there: to see that nothing was changed. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const content: Record<string, string> = {};
  const visit = (path: string): void => {
    const status = lstatSync(path);
    const name = relative(folder, path);
    if (status.isDirectory()) {
      content[`${name}/`] = "";
      for (const child of readdirSync(path).sort()) visit(join(path, child));
    } else if (status.isSymbolicLink()) content[name] = `-> ${readlinkSync(path)}`;
    else content[name] = status.isFile() ? readFileSync(path, "base64") : "other";
  };
  visit(folder);
  return content;
}
