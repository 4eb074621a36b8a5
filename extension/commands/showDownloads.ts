import * as vscode from "vscode";
import type { DownloadState } from "../../server/protocol/models.ts";
import { systemClock } from "../clock.ts";
import {
  downloadRows,
  downloadsPlaceholder,
  type DownloadButton,
  type DownloadRow,
} from "../modelChoice/downloadRows.ts";
import type { Wanted } from "../modelChoice/modelCalls.ts";
import { downloadAndUse } from "../modelChoice/obtainModel.ts";
import { switchModel } from "../modelChoice/switchModel.ts";
import { watchList } from "../modelChoice/watchList.ts";
import { showFailure } from "../showFailure.ts";
import type { Command, CommandContext } from "./command.ts";

interface Item extends vscode.QuickPickItem {
  readonly row: DownloadRow;
}
type Button = vscode.QuickInputButton & { readonly does: DownloadButton };

/** Shows downloads, live; pauses, resumes and cancels them. */
export const showDownloads: Command = {
  async run(context) {
    const chosen = await pickDownload(context);
    if (chosen === undefined) return;
    const { request, path } = chosen.state;
    if (chosen.onAccept === "use") await switchModel(context, path ?? request.id, request.name);
    else await downloadAndUse(context, wantedOf(chosen.state));
  },
};

/** The download to go on with or to use; pausing and cancelling happen while the list is open. */
function pickDownload(context: CommandContext): Promise<DownloadRow | undefined> {
  const { calls } = context.models;
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = "StarCoder: Downloads";
  pick.placeholder = "Looking for downloads…";
  pick.busy = true;
  pick.ignoreFocusOut = true;

  return new Promise<DownloadRow | undefined>((resolve) => {
    const watched = watchList({
      clock: systemClock,
      everyMs: 1_000,
      ask: () => calls.list(),
      onList({ downloads }) {
        const rows = downloadRows(downloads);
        const keptId = pick.activeItems[0]?.row.state.request.id;
        pick.busy = false;
        pick.placeholder = downloadsPlaceholder(rows);
        pick.keepScrollPosition = true;
        pick.items = rows.map(itemOf);
        const kept = pick.items.find(({ row }) => row.state.request.id === keptId);
        if (kept !== undefined) pick.activeItems = [kept];
      },
      onError(thrown) {
        pick.hide();
        void showFailure(thrown);
      },
    });
    const ask = (question: Promise<void>): void => {
      pick.busy = true;
      question.then(
        () => {
          watched.again();
        },
        (thrown: unknown) => void showFailure(thrown),
      );
    };
    const act = (does: DownloadRow["onAccept"] | DownloadButton, row: DownloadRow): void => {
      const { id } = row.state.request;
      if (does === "pause") ask(calls.pause(id));
      else if (does === "cancel") ask(calls.cancel(id));
      else if (does !== "nothing") {
        resolve(row);
        pick.hide();
      }
    };
    pick.onDidAccept(() => {
      const row = pick.selectedItems[0]?.row;
      if (row !== undefined) act(row.onAccept, row);
    });
    pick.onDidTriggerItemButton(({ button, item }) => {
      act((button as Button).does, item.row);
    });
    pick.onDidHide(() => {
      watched.end();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

const looks: Readonly<Record<DownloadButton, { readonly icon: string; readonly tooltip: string }>> =
  {
    pause: { icon: "debug-pause", tooltip: "Pause: what is there is kept" },
    resume: { icon: "debug-continue", tooltip: "Go on where it stopped" },
    cancel: { icon: "trash", tooltip: "Cancel and delete what is there" },
  };

function itemOf(row: DownloadRow): Item {
  return {
    row,
    label: `$(${row.icon}) ${row.label}`,
    description: row.description,
    ...(row.detail === undefined ? {} : { detail: row.detail }),
    buttons: row.buttons.map((does): Button => {
      const { icon, tooltip } = looks[does];
      return { iconPath: new vscode.ThemeIcon(icon), tooltip, does };
    }),
  };
}

function wantedOf({ request }: DownloadState): Wanted {
  const { id, name, quantization, force } = request;
  return { id, name, ...(quantization === undefined ? {} : { quantization }), force };
}
