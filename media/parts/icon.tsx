import type { JSX } from "preact";

/** What an icon stands for; drawn in the colour of its tone. */
export type IconName =
  | "ok"
  | "warning"
  | "error"
  | "busy"
  | "off"
  | "unknown"
  | "timeout"
  | "copy"
  | "chevron"
  | "live"
  | "paused"
  | "search"
  | "close"
  | "info"
  | "debug"
  | "refresh"
  | "folder"
  | "goTo";

const paths: Readonly<Record<IconName, string>> = {
  ok: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM4.9 8.2l2.2 2.3 4.1-4.8",
  warning: "M8 2 1.6 13.5h12.8L8 2ZM8 6.4v3.4M8 11.5v.6",
  error: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8",
  busy: "M8 1.5A6.5 6.5 0 1 1 1.5 8",
  off: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM3.5 3.5l9 9",
  unknown:
    "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM6 6.3a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.4v.5",
  timeout: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.2V8l2.6 1.8",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  chevron: "m6 3.5 4.5 4.5L6 12.5",
  live: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM3.6 12.4a6.2 6.2 0 0 1 0-8.8M12.4 3.6a6.2 6.2 0 0 1 0 8.8",
  paused: "M5.5 3v10M10.5 3v10",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3l3.7 3.7",
  info: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 7.2v4M8 4.6v.6",
  debug:
    "M5 6.5a3 3 0 0 1 6 0v3.5a3 3 0 0 1-6 0ZM5 8.3H2M14 8.3h-3M5.2 5.6 3 3.8M10.8 5.6 13 3.8M5.2 11 3 12.8M10.8 11l2.2 1.8M6 3.6a2 2 0 0 1 4 0",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3",
  folder: "M1.8 4V13h12.4V4.8H7.8L6.4 3H1.8V4Z",
  goTo: "M9.5 2.5h4v4M13.2 2.8 7.5 8.5M11.5 9v4.5h-9v-9H7",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
};

export interface IconProps {
  readonly name: IconName;
  /** What it says to those who do not see it; left out where the text beside it says so. */
  readonly label?: string;
}

/** An icon of one line weight, as large as the text around it. */
export function Icon({ name, label }: IconProps): JSX.Element {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 16 16"
      {...(label === undefined
        ? { "aria-hidden": "true" as const }
        : { role: "img" as const, "aria-label": label })}
    >
      <path d={paths[name]} />
    </svg>
  );
}
