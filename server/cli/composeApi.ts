import { Console } from "node:console";
import { compose, type Product } from "../compose/compose.ts";
import { readStats } from "../compose/composeStats.ts";
import type { Serving } from "../http/serveApi.ts";
import type { Settings } from "../protocol/settings.ts";
import { locateHome } from "../state/home.ts";

/** Suggestions in advance are of no use to who sends whole requests. */
export function ownSettings(settings: Settings): Settings {
  return { ...settings, "completion.speculation": "off" };
}

/** The product behind the API: all it does gives way to whoever types in an editor. */
export function composeApi(settings: Settings): Product {
  // Standard output is for results; what a dependency prints must not stand among them.
  globalThis.console = new Console(process.stderr);
  return compose({
    clientName: "api",
    logName: `server-api-${String(process.pid)}`,
    settings: ownSettings(settings),
    background: true,
  });
}

/** Serves at the port of its settings; see `serveApi`. */
export async function serve(product: Product, onLost: () => void): Promise<Serving> {
  // No other command of the command line needs what this brings in.
  const { serveApi } = await import("../http/serveApi.ts");
  return serveApi({
    ...{ product, onLost, port: product.settings["http.port"] },
    homePath: locateHome(),
    readStats: () => readStats().stats,
  });
}
