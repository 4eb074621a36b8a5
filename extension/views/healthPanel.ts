import type * as vscode from "vscode";
import type { Status } from "../../server/protocol/editor.ts";
import { CodedError } from "../../server/protocol/errors.ts";
import type { HealthInitial } from "../../server/protocol/webview.ts";
import type { ServerState } from "../supervise.ts";
import { answerCommonRequest } from "./commonRequests.ts";
import { createHealthRequests, type HealthRequestsOptions } from "./healthRequests.ts";
import { viewServer } from "./serverView.ts";
import { createViewPanel, type ViewPanel } from "./viewPanel.ts";

export interface HealthPanelOptions extends Omit<HealthRequestsOptions, "onProgress"> {
  readonly extensionUri: vscode.Uri;
  readonly supervisor: HealthRequestsOptions["supervisor"] & {
    onState(listener: (state: ServerState) => void): () => void;
  };
  /** What the server told last. */
  readonly status: {
    readonly current: Status | undefined;
    onChange(listener: (status: Status | undefined) => void): () => void;
  };
}

/** The health view of the window: one, made when it is first opened. */
export interface HealthPanel {
  /** Opens it or brings it to the front; with `diagnose` the diagnosis runs at once. */
  open(options: { readonly diagnose: boolean }): void;
  dispose(): void;
}

export function createHealthPanel(options: HealthPanelOptions): HealthPanel {
  const { supervisor, status } = options;
  let panel: ViewPanel | undefined;

  function create(diagnose: boolean): ViewPanel {
    const initial: HealthInitial = {
      server: viewServer(supervisor.state),
      ...(status.current === undefined ? {} : { status: status.current }),
      diagnose,
    };
    const requests = createHealthRequests({
      ...options,
      onProgress: (line) => created.send("progress", { line }),
    });
    const stops: (() => void)[] = [
      () => requests.dispose(),
      supervisor.onState((state) => created.send("server", viewServer(state))),
      status.onChange((now) => {
        if (now !== undefined) created.send("status", now);
      }),
    ];
    const created = createViewPanel({
      extensionUri: options.extensionUri,
      name: "health",
      title: "StarCoder Health",
      initial,
      async answer(method, params) {
        const own = requests.answer(method, params);
        if (own !== undefined) return own;
        const common = await answerCommonRequest(method, params);
        if (common === undefined) throw new CodedError("VALIDATION_ERROR", method);
        return common;
      },
      onDispose() {
        for (const stop of stops) stop();
        if (panel === created) panel = undefined;
      },
    });
    const watching = created.onVisible((visible) => created.send("visible", { visible }));
    stops.push(() => {
      watching.dispose();
    });
    return created;
  }

  return {
    open({ diagnose }) {
      if (panel === undefined) {
        panel = create(diagnose);
        return;
      }
      panel.reveal();
      if (diagnose) panel.send("diagnose", {});
    },
    dispose() {
      panel?.dispose();
    },
  };
}
