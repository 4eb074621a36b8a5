import type { JSX } from "preact";
import type { LogEntry } from "../../server/protocol/logs.ts";
import { Icon, type IconName } from "../parts/icon.tsx";

const icons: Readonly<Record<LogEntry["level"], IconName>> = {
  error: "error",
  warn: "warning",
  info: "info",
  debug: "debug",
};

/** A level as icon and word. */
export function LevelMark({ level }: { readonly level: LogEntry["level"] }): JSX.Element {
  return (
    <span class={`level level-${level}`} title={level}>
      <Icon name={icons[level]} /> {level}
    </span>
  );
}
