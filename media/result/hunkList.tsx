import type { JSX } from "preact";
import type { HunkLine, HunkView } from "../../server/protocol/resultView.ts";
import { Icon } from "../parts/icon.tsx";
import { hunkName } from "./resultText.ts";

export interface HunkListProps {
  readonly hunks: readonly HunkView[];
  /** Whether single changes can be applied: a new file is taken as a whole. */
  readonly canDecide: boolean;
  /** Whether the place can be changed now. */
  readonly canApply: boolean;
  readonly onAsk: (method: "apply" | "takeBack" | "discard", hunk: HunkView) => void;
}

/** The changes one below the other, each with its buttons. Arrow keys lead from one to the next. */
export function HunkList(props: HunkListProps): JSX.Element {
  const { hunks } = props;
  return (
    <div class="hunks" role="list" aria-label="Changes" onKeyDown={moveAmongHunks}>
      {hunks.map((hunk) => (
        <Hunk key={hunk.index} hunk={hunk} {...props} />
      ))}
    </div>
  );
}

function Hunk({ hunk, canDecide, canApply, onAsk }: HunkListProps & { hunk: HunkView }) {
  const { state } = hunk;
  const name = hunkName(hunk);
  return (
    <section
      class={`hunk hunk-${state}`}
      role="listitem"
      tabIndex={0}
      aria-label={`${name}, ${state === "open" ? "to decide" : state}`}
    >
      {canDecide ? (
        <header class="hunk-head">
          <StateMark hunk={hunk} />
          <span class="buttons" role="group" aria-label={name}>
            {state === "open" ? (
              <>
                <HunkButton
                  label="Apply"
                  hunk={hunk}
                  disabled={!canApply}
                  onPress={() => onAsk("apply", hunk)}
                  primary
                />
                <HunkButton label="Discard" hunk={hunk} onPress={() => onAsk("discard", hunk)} />
              </>
            ) : (
              <HunkButton
                label={state === "applied" ? "Take Back" : "Restore"}
                hunk={hunk}
                disabled={state === "applied" && !canApply}
                onPress={() => onAsk("takeBack", hunk)}
              />
            )}
          </span>
        </header>
      ) : null}
      {state === "discarded" ? null : <Lines lines={hunk.lines} />}
    </section>
  );
}

function StateMark({ hunk }: { readonly hunk: HunkView }): JSX.Element {
  const { lines, state } = hunk;
  const at = lines.find(({ kind }) => kind !== "same");
  const place = `Line ${at?.old ?? at?.new ?? 1}`;
  if (state === "applied") {
    return (
      <span class="hunk-state">
        <Icon name="ok" /> {place} <span class="muted">applied</span>
      </span>
    );
  }
  return (
    <span class="hunk-state">
      {state === "discarded" ? <Icon name="off" /> : null} {place}{" "}
      {state === "discarded" ? <span class="muted">discarded</span> : null}
    </span>
  );
}

interface HunkButtonProps {
  readonly label: string;
  readonly hunk: HunkView;
  readonly onPress: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
}

function HunkButton({ label, hunk, onPress, primary, disabled }: HunkButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={primary === true ? "button" : "button secondary"}
      aria-label={`${label}: ${hunkName(hunk)}`}
      disabled={disabled === true}
      title={disabled === true ? "The text at the place was changed" : undefined}
      onClick={onPress}
    >
      {label}
    </button>
  );
}

const signs = { same: " ", removed: "-", added: "+" } as const;
const words = { same: "", removed: "removed", added: "added" } as const;

function Lines({ lines }: { readonly lines: readonly HunkLine[] }): JSX.Element {
  return (
    <div class="code-scroll">
      <table class="code-lines">
        <tbody>
          {lines.map((line, at) => (
            <tr key={at} class={`line-${line.kind}`}>
              <td class="line-number" aria-hidden="true">
                {line.old ?? ""}
              </td>
              <td class="line-number" aria-hidden="true">
                {line.new ?? ""}
              </td>
              <td class="line-sign">
                <span aria-hidden="true">{signs[line.kind]}</span>
                <span class="hidden-text">{words[line.kind]}</span>
              </td>
              <td class="line-text">{line.text === "" ? "\u00a0" : line.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function moveAmongHunks(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (step === undefined || target?.classList.contains("hunk") !== true) return;
  const all = [...(target.parentElement?.querySelectorAll<HTMLElement>(".hunk") ?? [])];
  const next = all[all.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
