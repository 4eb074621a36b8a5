import type { JSX } from "preact";
import type { FindingView, ResultView } from "../../server/protocol/resultView.ts";
import { formatPercent } from "../parts/format.ts";
import { Icon, type IconName } from "../parts/icon.tsx";

const icons: Readonly<Record<FindingView["severity"], IconName>> = {
  error: "error",
  warning: "warning",
  information: "info",
  hint: "info",
};

/** What the review found in the version that is shown. */
export function FindingList({ result }: { readonly result: ResultView }): JSX.Element {
  const { findings, score, scoreError, recommendations } = result;
  if (findings.length === 0) {
    const text =
      score === undefined
        ? scoreError === undefined
          ? "This version was not reviewed."
          : `This version could not be reviewed: ${scoreError.message}`
        : "The review found nothing.";
    return <p class="muted">{text}</p>;
  }
  return (
    <>
      {recommendations.length === 0 ? null : (
        <ul class="recommendations">
          {recommendations.map(({ rule, message }) => (
            <li key={rule}>{message}</li>
          ))}
        </ul>
      )}
      <ul class="findings">
        {findings.map((finding, at) => (
          <li key={at} class="finding">
            <Icon name={icons[finding.severity]} label={finding.severity} />
            <div class="finding-text">
              <p>
                {finding.message}{" "}
                <span class="muted">
                  line {finding.line}, {formatPercent(finding.confidence)} sure
                </span>
              </p>
              {finding.remedy === undefined ? null : <p class="muted">Remedy: {finding.remedy}</p>}
              <details>
                <summary>Why</summary>
                <p>{finding.why}</p>
                <p class="muted">
                  Rule <code class="code">{finding.rule}</code>
                </p>
              </details>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
