import { formatBytes } from "../../server/protocol/figures.ts";
import type { OfferedModel } from "../../server/protocol/models.ts";

/** What is asked before a model is downloaded: under which terms, how large, from where. */
export interface LicenceQuestion {
  readonly title: string;
  readonly detail: string;
  /** The button that agrees. */
  readonly accept: string;
  /** The page with the licence's text, where the licence is known. */
  readonly licenceUrl?: string;
  /** It does not fit this machine: agreeing means to have it all the same. */
  readonly force: boolean;
}

/** The question before a download. */
export function licenceQuestionOf(offered: OfferedModel): LicenceQuestion {
  const { entry, fit, sizeBytes, quantization } = offered;
  const { licence } = entry;
  const force = fit?.verdict === "tooLarge";
  const size = [quantization, sizeBytes === undefined ? undefined : formatBytes(sizeBytes)]
    .filter((part) => part !== undefined)
    .join(", ");
  const restricted = licence !== undefined && licence.restrictions.length > 0;
  return {
    title: `Download ${entry.name}${size === "" ? "" : ` (${size})`}?`,
    detail: [
      ...(force ? [fit.reason, ""] : []),
      ...licenceLines(offered),
      ...(entry.notes.length === 0 ? [] : ["", ...entry.notes]),
      "",
      placeOf(offered),
    ].join("\n"),
    accept: `${restricted ? "Accept and Download" : "Download"}${force ? " Anyway" : ""}`,
    ...(licence === undefined ? {} : { licenceUrl: licence.url }),
    force,
  };
}

function licenceLines({ entry: { licence } }: OfferedModel): string[] {
  if (licence === undefined) {
    return ["Its licence is not known here. Read it where the model comes from before you use it."];
  }
  if (licence.restrictions.length === 0) return [`Licence: ${licence.name}.`];
  return [
    `Licence: ${licence.name}. Who uses the model agrees to these terms:`,
    ...licence.restrictions.map((restriction) => `• ${restriction}`),
  ];
}

function placeOf({ entry: { source } }: OfferedModel): string {
  switch (source.kind) {
    case "hub":
      return `It comes from the Hugging Face Hub: ${source.repository}.`;
    case "url":
      return `It comes from ${new URL(source.url).host}.`;
    case "bundled":
    case "file":
      return "It is on this machine.";
  }
}
