import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { HunkView, ResultView } from "../../server/protocol/resultView.ts";
import { useBridge } from "../parts/bridgeContext.ts";
import { CopyButton } from "../parts/copyButton.tsx";
import { ErrorBanner } from "../parts/errorBanner.tsx";
import { formatCount, formatDateTime, formatMs } from "../parts/format.ts";
import { FindingList } from "./findingList.tsx";
import { HunkList } from "./hunkList.tsx";
import {
  counted,
  decidedText,
  endSentences,
  formatScore,
  hunkName,
  lineCounts,
  placeTrouble,
} from "./resultText.ts";
import { RoundList } from "./roundList.tsx";
import { useResult, type Shown } from "./useResult.ts";

/** One generated result: what was asked, what came out, and what becomes of it. */
export function ResultPage({ initial }: { readonly initial: ResultView }): JSX.Element {
  const shown = useResult(useBridge(), initial);
  const { result, failure, said, isBusy, ask } = shown;
  const { place, hunks, error } = result;
  const trouble = placeTrouble(place);
  return (
    <main class="result" aria-busy={isBusy}>
      <Head result={result} />
      {error === undefined ? null : (
        <ErrorBanner tone="warning" code={error.code} message={error.message} remedy={error.remedy}>
          <p class="muted">{endSentences.failed}</p>
        </ErrorBanner>
      )}
      {failure === undefined ? null : <ErrorBanner {...failure} actions={[]} />}
      {trouble === undefined ? null : <ErrorBanner tone="warning" message={trouble} actions={[]} />}
      <Section title="Changes" note={noteOf(result)}>
        <Actions shown={shown} />
        {hunks.length === 0 ? (
          <p class="muted">The text at the place is the same as this version.</p>
        ) : (
          <HunkList
            hunks={hunks}
            canDecide={place.kind !== "file"}
            canApply={place.kind === "found"}
            onAsk={(method, hunk) => ask(method, { hunks: [hunk.index] }, doneText(method, hunk))}
          />
        )}
      </Section>
      <Section title="Findings" note={countNote(result.findings.length)}>
        <FindingList result={result} />
      </Section>
      <Section title="Versions" note={countNote(result.rounds.length)}>
        <RoundList
          result={result}
          onShow={(index) => ask("showVersion", { index }, `Version ${index + 1} is shown.`)}
        />
      </Section>
      <p class="hidden-text" role="status">
        {said}
      </p>
    </main>
  );
}

function Head({ result }: { readonly result: ResultView }): JSX.Element {
  const { task, score, scoreError, model, tokensUsed, workflowTime, createdAt, end } = result;
  const facts = [
    model,
    `${formatCount(tokensUsed)} tokens`,
    formatMs(workflowTime),
    counted(result.rounds.length, "version"),
    formatDateTime(createdAt),
  ];
  return (
    <header class="result-head">
      <div
        class={score === undefined ? "score score-none" : "score"}
        role="img"
        aria-label={score === undefined ? "No score" : `Score ${formatScore(score)} of 10`}
        title={scoreError?.message ?? "Score of the review, of 10"}
      >
        <span class="score-figure">{score === undefined ? "–" : formatScore(score)}</span>
        <span class="score-of">{score === undefined ? "no score" : "of 10"}</span>
      </div>
      <div class="result-what">
        <h1>{task.trim() === "" ? "Revised by review alone" : task}</h1>
        <p class="muted">{facts.join(" · ")}</p>
        {result.error === undefined && result.shown === result.best ? (
          <p>{endSentences[end]}</p>
        ) : null}
        {scoreError === undefined ? null : (
          <p class="muted">
            No score: {scoreError.message} <code class="code">{scoreError.code}</code>
          </p>
        )}
      </div>
    </header>
  );
}

/** Buttons for all changes at once. */
function Actions({ shown }: { readonly shown: Shown }): JSX.Element {
  const { result, ask } = shown;
  const { place, hunks } = result;
  const of = (state: HunkView["state"]) =>
    hunks.filter((hunk) => hunk.state === state).map(({ index }) => index);
  const [open, applied] = [of("open"), of("applied")];
  const isFile = place.kind === "file";
  return (
    <div class="actions" role="toolbar" aria-label="All changes">
      {isFile ? (
        <Action primary label="Open as New File" onPress={() => ask("openNew", {}, "Opened.")} />
      ) : null}
      {place.kind === "found" && hunks.length > 0 ? (
        <>
          <Action
            primary
            label="Apply All"
            disabled={open.length === 0}
            onPress={() => ask("apply", { hunks: open }, "All changes are applied.")}
          />
          <Action
            label="Discard All"
            disabled={open.length === 0}
            onPress={() => ask("discard", { hunks: open }, "All changes are discarded.")}
          />
          {applied.length === 0 ? null : (
            <Action
              label="Take All Back"
              onPress={() => ask("takeBack", { hunks: applied }, "All changes are taken back.")}
            />
          )}
        </>
      ) : null}
      <span class="links">
        {isFile || place.kind === "gone" ? null : (
          <>
            <Link label="Open as Diff" onPress={() => ask("openDiff", {}, "Opened.")} />
            <Link label="Go to Place" onPress={() => ask("goTo", {}, "The place is shown.")} />
          </>
        )}
        {place.kind === "found" ? null : (
          <Link label="Insert at Cursor" onPress={() => ask("insert", {}, "Inserted.")} />
        )}
        {isFile ? null : (
          <Link label="Open as New File" onPress={() => ask("openNew", {}, "Opened.")} />
        )}
        <CopyButton text={() => result.code} about="Copy the code" />
      </span>
    </div>
  );
}

interface ActionProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
}

function Action({ label, onPress, primary, disabled }: ActionProps): JSX.Element {
  return (
    <button
      type="button"
      class={primary === true ? "button" : "button secondary"}
      disabled={disabled === true}
      onClick={onPress}
    >
      {label}
    </button>
  );
}

function Link({ label, onPress }: ActionProps): JSX.Element {
  return (
    <button type="button" class="link" onClick={onPress}>
      {label}
    </button>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note: string;
  readonly children: ComponentChildren;
}

function Section({ title, note, children }: SectionProps): JSX.Element {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>{title}</h2>
        <span class="muted">{note}</span>
      </header>
      {children}
    </section>
  );
}

function noteOf({ hunks, place, shown, best, rounds }: ResultView): string {
  const { added, removed } = lineCounts(hunks);
  const where =
    place.kind === "file"
      ? "new file"
      : `${place.name ?? ""}${place.line === undefined ? "" : `:${place.line}`}`;
  const parts = [where, ...(place.kind === "file" ? [] : [decidedText(hunks)])];
  const version = rounds.length > 1 && shown !== best ? [`version ${shown + 1}`] : [];
  const lines = added + removed === 0 ? [] : [`+${added} −${removed}`];
  return [...version, ...parts, ...lines].join(" · ");
}

function countNote(count: number): string {
  return count === 0 ? "" : String(count);
}

function doneText(method: "apply" | "takeBack" | "discard", hunk: HunkView): string {
  const did = { apply: "Applied", takeBack: "Taken back", discard: "Discarded" }[method];
  return `${did}: ${hunkName(hunk)}.`;
}
