import { addModel } from "../modelChoice/addModel.ts";
import type { Command } from "./command.ts";

/** Picks a GGUF file, tries it, and uses it. */
export const chooseModelFile: Command = {
  run: (context) => addModel(context, "file"),
};
