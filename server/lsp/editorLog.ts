import type { Connection } from "vscode-languageserver/node";
import type { LogFields, LogSink } from "../logs/logger.ts";

export interface EditorLog extends LogSink {
  /** The client may be sent messages from now on; what came before is only in the file. */
  open(): void;
}

/** Writes the log to the client's output as well. */
export function createEditorLog(connection: Connection): EditorLog {
  let open = false;
  return {
    open() {
      open = true;
    },
    write({ level, service, message, fields }) {
      // One for each key: they are in the file, and need not cross to the client as well.
      const isForEachKey = service === "completion" && level === "info";
      if (!open || isForEachKey) return;
      const text = `${service}: ${message}${describe(fields)}`;
      if (level === "error") connection.console.error(text);
      else if (level === "warn") connection.console.warn(text);
      else if (level === "info") connection.console.info(text);
      else connection.console.debug(text);
    },
  };
}

function describe(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === "number" ? round(value) : String(value)}`)
    .join("");
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
