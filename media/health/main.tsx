import "uplot/dist/uPlot.min.css";
import "../parts/parts.css";
import "./health.css";
import { render } from "preact";
import { healthInitialSchema } from "../../server/protocol/webview.ts";
import { createBridge, readInitial } from "../bridge/bridge.ts";
import { BridgeContext } from "../parts/bridgeContext.ts";
import { HealthView } from "./healthView.tsx";

const bridge = createBridge();
const root = document.getElementById("root");
if (root !== null) {
  render(
    <BridgeContext.Provider value={bridge}>
      <HealthView initial={healthInitialSchema.parse(readInitial())} />
    </BridgeContext.Provider>,
    root,
  );
}
