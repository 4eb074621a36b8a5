import { describeDownload, downloadedShare } from "../../protocol/downloadText.ts";
import type { DownloadState } from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";

export interface ProgressOptions {
  /** `state`: a JSON document a line; `rewritten`: one line of a terminal; `lines`: for logs. */
  readonly kind: "state" | "rewritten" | "lines";
  /** Writes as it is, without a line break. */
  readonly write: (text: string) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Columns of the terminal. */
  readonly width: () => number;
}

/** Says how a download stands. */
export interface ProgressLines {
  show(state: DownloadState): void;
  /** Leaves the terminal at the start of a line. */
  end(): void;
}

/** A line a tenth, and at least one a quarter of a minute. */
const everyMs = 15_000;

export function createProgressLines({ kind, write, now, width }: ProgressOptions): ProgressLines {
  let written = "";
  let said = { phase: "", tenth: -1, at: 0 };

  function rewrite(text: string): void {
    const line = text.slice(0, Math.max(20, width() - 1));
    write(`\r${line}${" ".repeat(Math.max(0, written.length - line.length))}`);
    written = line;
  }

  return {
    show(state) {
      const line = escapeControls(`${state.request.name}: ${describeDownload(state)}`);
      if (kind === "state") write(`${JSON.stringify(state)}\n`);
      else if (kind === "rewritten") rewrite(`${barOf(state)}${line}`);
      // That it is done the command says by itself.
      else if (state.phase !== "done") {
        const tenth = Math.floor((downloadedShare(state) ?? 0) * 10);
        const isNews = state.phase !== said.phase || tenth !== said.tenth;
        if (!isNews && now() - said.at < everyMs) return;
        said = { phase: state.phase, tenth, at: now() };
        write(`${line}\n`);
      }
    },
    end() {
      if (written !== "") write("\n");
      written = "";
    },
  };
}

function barOf(state: DownloadState): string {
  const share = downloadedShare(state);
  return share === undefined ? "" : `${String(Math.floor(share * 100)).padStart(3)}%  `;
}
