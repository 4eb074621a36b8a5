import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Bridge } from "../bridge/bridge.ts";

/** Gives the bridge to every part of a view. */
export const BridgeContext = createContext<Bridge | undefined>(undefined);

/** The view's bridge. Throws outside a `BridgeContext.Provider`, which is a mistake of the view. */
export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (bridge === undefined) throw new Error("There is no bridge around this part.");
  return bridge;
}
