import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { errorTable, type ErrorCode } from "../../server/protocol/errors.ts";
import type { LogRow } from "../../server/protocol/logs.ts";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { useBridge } from "../parts/bridgeContext.ts";
import { CopyButton } from "../parts/copyButton.tsx";
import { failureOf } from "../parts/errorBanner.tsx";
import { Icon } from "../parts/icon.tsx";
import { detailsOf, fileName, toJsonLines } from "./recordText.ts";

export interface RecordDetailsProps {
  readonly row: LogRow;
  readonly onClose: () => void;
  readonly onRequest: (requestId: string) => void;
  readonly onCode: (code: string) => void;
}

/** All of one record: its fields, its stack, and what can be done about its error. */
export function RecordDetails({
  row,
  onClose,
  onRequest,
  onCode,
}: RecordDetailsProps): JSX.Element {
  const bridge = useBridge();
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const { record, path, offset } = row;
  const { json, stack } = detailsOf(record);
  const { code, requestId } = record;
  return (
    <section class="details" id="record-details" aria-label="Details of the record">
      <div class="details-head">
        <h2 class="details-title">{record.message}</h2>
        <span class="details-buttons">
          {requestId === undefined ? null : (
            <button type="button" class="button secondary" onClick={() => onRequest(requestId)}>
              All of This Request
            </button>
          )}
          {code === undefined ? null : (
            <button type="button" class="button secondary" onClick={() => onCode(code)}>
              All {code}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            title={`Open ${fileName(path)} at this line`}
            aria-label={`Open ${fileName(path)} at this line`}
            onClick={() => {
              setProblem(undefined);
              bridge.request("openFile", { path, offset }).catch((thrown: unknown) => {
                setProblem(failureOf(thrown).message);
              });
            }}
          >
            <Icon name="goTo" />
          </button>
          <CopyButton text={() => toJsonLines([row])} about="Copy the record" />
          <button
            type="button"
            class="icon-button"
            title="Close the details"
            aria-label="Close the details"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </span>
      </div>
      <div class="details-body">
        {problem === undefined ? null : (
          <p class="field-problem" role="alert">
            {problem}
          </p>
        )}
        {isKnown(code) ? <Remedy code={code} /> : null}
        {stack === undefined ? null : <pre class="stack">{stack}</pre>}
        <pre class="json">{json}</pre>
        <p class="muted">
          {fileName(path)}, byte {offset}
        </p>
      </div>
    </section>
  );
}

function Remedy({ code }: { readonly code: ErrorCode }): JSX.Element {
  const { cause, remedy, actions } = errorTable[code];
  return (
    <div class="remedy">
      <div class="remedy-text">
        <p>{cause}</p>
        <p class="muted">{remedy}</p>
      </div>
      <ActionButtons actions={actions.filter((action) => action !== "showLog")} primary />
    </div>
  );
}

function isKnown(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(errorTable, code);
}
