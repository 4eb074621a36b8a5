import "../parts/parts.css";
import "./result.css";
import { render } from "preact";
import { resultViewSchema } from "../../server/protocol/resultView.ts";
import { createBridge, readInitial } from "../bridge/bridge.ts";
import { BridgeContext } from "../parts/bridgeContext.ts";
import { ResultPage } from "./resultPage.tsx";

const bridge = createBridge();
const root = document.getElementById("root");
if (root !== null) {
  render(
    <BridgeContext.Provider value={bridge}>
      <ResultPage initial={resultViewSchema.parse(readInitial())} />
    </BridgeContext.Provider>,
    root,
  );
}
