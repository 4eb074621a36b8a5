import { render } from "preact";
import { logsInitialSchema } from "../../server/protocol/webview.ts";
import { createBridge } from "../bridge/bridge.ts";
import { BridgeContext } from "../parts/bridgeContext.ts";
import { LogsView } from "./logsView.tsx";
import { createLogSession } from "./logSession.ts";
import "uplot/dist/uPlot.min.css";
import "../parts/parts.css";
import "./logs.css";

const root = document.getElementById("root");
const initial = document.getElementById("initial")?.textContent ?? "null";
if (root !== null) {
  const bridge = createBridge();
  render(
    <BridgeContext.Provider value={bridge}>
      <LogsView
        initial={logsInitialSchema.parse(JSON.parse(initial))}
        session={createLogSession(bridge)}
      />
    </BridgeContext.Provider>,
    root,
  );
}
