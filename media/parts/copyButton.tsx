import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useBridge } from "./bridgeContext.ts";
import { Icon } from "./icon.tsx";

export interface CopyButtonProps {
  /** Asked for when pressed. */
  readonly text: () => string;
  /** What the button says; left out: an icon alone, named `Copy`. */
  readonly label?: string;
  /** Names what is copied, for those who do not see where the button stands. */
  readonly about?: string;
}

const confirmedMs = 1500;

/** Copies a text and says that it did. */
export function CopyButton({ text, label, about }: CopyButtonProps): JSX.Element {
  const bridge = useBridge();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = about ?? label ?? "Copy";
  return (
    <button
      type="button"
      class={label === undefined ? "icon-button" : "button secondary"}
      title={copied ? "Copied" : name}
      aria-label={copied ? `Copied: ${name}` : name}
      onClick={() => {
        bridge.request("copy", { text: text() }).then(
          () => setCopied(true),
          () => undefined,
        );
      }}
    >
      <Icon name={copied ? "ok" : "copy"} />
      {label}
    </button>
  );
}
