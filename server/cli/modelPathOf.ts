import { resolve } from "node:path";
import type { Flags } from "./commandLine.ts";

/** As people write paths on a command line: relative to the folder they are in. */
export function modelPathOf({ model = "" }: Pick<Flags, "model">): string {
  return model === "" || model.startsWith("~") ? model : resolve(model);
}
