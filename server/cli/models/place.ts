import { join } from "node:path";
import type { Product } from "../../compose/compose.ts";
import type { EditorFacts } from "../../protocol/editorFacts.ts";
import type { ModelList } from "../../protocol/models.ts";
import { parseSettings } from "../../protocol/parseSettings.ts";
import { listModels } from "../../models/store/listModels.ts";
import { locateHome } from "../../state/home.ts";
import type { Flags } from "../commandLine.ts";
import { readFacts, type FactsFlags } from "../readFacts.ts";

export type ModelFlags = Flags & FactsFlags;

/** Where a command about models finds them. */
export interface ModelPlace {
  readonly homePath: string;
  readonly bundledModelPath: string;
  /** What the editor said, where it did. */
  readonly facts: EditorFacts | undefined;
  /** The models of this machine, without asking a network. */
  readonly list: () => Promise<ModelList>;
}

/** Puts the editor's settings in force, save for a model named on the command line. */
export async function openPlace(product: Product, flags: ModelFlags): Promise<ModelPlace> {
  const facts = await readFacts(flags.facts);
  if (facts !== undefined) {
    const { settings } = parseSettings(facts.settings);
    const model = flags.model === undefined ? {} : { "model.path": product.modelPath };
    product.apply({ ...settings, ...model });
  }
  const homePath = locateHome();
  const bundledModelPath = join(product.productRoot, "media", "models", "starcoder-tiny.gguf");
  const configured = product.settings["model.path"];
  return {
    ...{ homePath, bundledModelPath, facts },
    list: () => listModels({ homePath, bundledModelPath, configured }),
  };
}
