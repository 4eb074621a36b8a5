import type { JSX } from "preact";
import type { ResultView, RoundView } from "../../server/protocol/resultView.ts";
import { formatCount, formatMs } from "../parts/format.ts";
import { counted, formatScore, originText } from "./resultText.ts";

export interface RoundListProps {
  readonly result: ResultView;
  readonly onShow: (index: number) => void;
}

/** The versions in order: what each changed, its score and its cost; any can be looked at. */
export function RoundList({ result, onShow }: RoundListProps): JSX.Element {
  return (
    <ol class="rounds">
      {result.rounds.map((round, index) => (
        <Round
          key={index}
          round={round}
          index={index}
          isShown={index === result.shown}
          isBest={index === result.best}
          onShow={() => onShow(index)}
        />
      ))}
    </ol>
  );
}

interface RoundProps {
  readonly round: RoundView;
  readonly index: number;
  readonly isShown: boolean;
  readonly isBest: boolean;
  readonly onShow: () => void;
}

function Round({ round, index, isShown, isBest, onShow }: RoundProps): JSX.Element {
  const { score, tokensUsed, durationMs, findings, changes, accepted } = round;
  const facts = [
    ...(score === undefined ? ["no score"] : [`score ${formatScore(score)}`]),
    counted(findings, "finding"),
    `${formatCount(tokensUsed)} tokens`,
    formatMs(durationMs),
    ...(accepted ? [] : ["not better"]),
  ];
  return (
    <li class={isShown ? "round round-shown" : "round"}>
      <div class="round-head">
        <strong>Version {index + 1}</strong>
        {isBest ? <span class="badge">best</span> : null}
        <button
          type="button"
          class="button secondary"
          aria-pressed={isShown}
          disabled={isShown}
          onClick={onShow}
        >
          {isShown ? "Shown" : "Show"}
          <span class="hidden-text"> version {index + 1}</span>
        </button>
      </div>
      <p>
        {originText(round)}. <span class="muted">{facts.join(" · ")}</span>
      </p>
      {changes.length === 0 ? null : (
        <ul>
          {changes.map((change, at) => (
            <li key={at}>{change}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
