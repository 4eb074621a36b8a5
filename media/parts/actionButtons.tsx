import type { JSX } from "preact";
import { errorActionCommands } from "../../server/protocol/commands.ts";
import type { ErrorAction } from "../../server/protocol/errors.ts";
import { useBridge } from "./bridgeContext.ts";

export interface ActionButtonsProps {
  readonly actions: readonly ErrorAction[];
  /** The first one is what most people want. */
  readonly primary?: boolean;
  /** Instead of what the table says, such as a fix of the doctor. */
  readonly labels?: Readonly<Partial<Record<ErrorAction, string>>>;
  /** Names what the buttons are about, for those who do not see where they stand. */
  readonly about?: string;
}

/** Buttons that do remedies; what fails is told by the editor itself. */
export function ActionButtons(props: ActionButtonsProps): JSX.Element | null {
  const bridge = useBridge();
  const { actions, labels, about } = props;
  if (actions.length === 0) return null;
  return (
    <span class="buttons" role="group" aria-label={about ?? "What can be done"}>
      {actions.map((action, index) => (
        <button
          key={action}
          type="button"
          class={props.primary === true && index === 0 ? "button" : "button secondary"}
          data-action={action}
          onClick={() => {
            bridge.request("act", { action }).catch(() => undefined);
          }}
        >
          {labels?.[action] ?? errorActionCommands[action].label}
        </button>
      ))}
    </span>
  );
}
