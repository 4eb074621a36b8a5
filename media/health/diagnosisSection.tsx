import type { JSX, Ref } from "preact";
import type { DoctorReport } from "../../server/protocol/records.ts";
import { CopyButton } from "../parts/copyButton.tsx";
import { Elapsed } from "../parts/elapsed.tsx";
import { ErrorBanner } from "../parts/errorBanner.tsx";
import { Icon } from "../parts/icon.tsx";
import { formatClock } from "../parts/format.ts";
import { CheckRow } from "./checkRow.tsx";
import { diagnosisGroups, diagnosisHeadline } from "./diagnosisGroups.ts";
import { diagnosisMarkdown } from "./diagnosisMarkdown.ts";
import { Section } from "./section.tsx";
import type { Diagnosis } from "./useDiagnosis.ts";

export interface DiagnosisSectionProps {
  readonly diagnosis: Diagnosis;
  readonly heading: Ref<HTMLHeadingElement>;
}

/** The doctor: everything a suggestion depends on, what is wrong first. */
export function DiagnosisSection({ diagnosis, heading }: DiagnosisSectionProps): JSX.Element {
  const { running, report, failure, run } = diagnosis;
  const busy = running !== undefined;
  return (
    <Section
      title="Diagnosis"
      class="diagnosis"
      heading={heading}
      note={report === undefined ? "Checks everything a suggestion depends on." : noteOf(report)}
      aside={
        <span class="buttons">
          {report === undefined ? null : (
            <CopyButton text={() => diagnosisMarkdown(report)} label="Copy as Markdown" />
          )}
          <button
            type="button"
            class="button secondary"
            title="Also what takes long: the model's checksum and a review"
            disabled={busy}
            onClick={() => run(true)}
          >
            Full
          </button>
          <button
            type="button"
            class={report === undefined ? "button" : "button secondary"}
            disabled={busy}
            onClick={() => run(false)}
          >
            Diagnose
          </button>
        </span>
      }
    >
      <p class="diagnosis-state" role="status" aria-live="polite">
        {running === undefined ? (
          report === undefined ? null : (
            <strong>{diagnosisHeadline(report)}</strong>
          )
        ) : (
          <>
            <Icon name="busy" />{" "}
            {running.full ? "Running all checks, which takes a while." : "Running the checks."}{" "}
            <span class="muted">
              <Elapsed /> {running.progress}
            </span>
          </>
        )}
      </p>
      {failure === undefined ? null : <ErrorBanner {...failure} />}
      {report === undefined ? null : (
        <div class={busy ? "checks stale" : "checks"} aria-busy={busy}>
          {diagnosisGroups(report.checks).map(({ title, checks }) => (
            <div key={title}>
              <h3>{title}</h3>
              {checks.map((check) => (
                <CheckRow key={`${report.time} ${check.name}`} check={check} />
              ))}
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}

function noteOf({ time, full }: DoctorReport): string {
  return `${full ? "All checks" : "Quick checks"}, ${formatClock(time)}`;
}
