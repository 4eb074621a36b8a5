import { describeDownload, isUnfinished } from "../../server/protocol/downloadText.ts";
import { formatBytes, formatCount } from "../../server/protocol/figures.ts";
import type { Licence, ModelFit, OfferedModel, StoredModel } from "../../server/protocol/models.ts";

/** A model's row: codicon, name, what it is in short, and a line below. */
export interface ModelRow {
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

/** Where a model on this machine comes from. */
export function originOf({ source, starter, tool, error }: StoredModel): string {
  switch (source) {
    case "bundled":
      return starter ? "bundled starter" : "bundled";
    case "configured":
      return "from starcoder.model.path";
    case "downloaded":
      return "downloaded";
    case "added":
      return "your file";
    case "found":
      return error === undefined ? `from ${tool ?? "another program"}` : (tool ?? "found");
  }
}

/** A model that lies on the disk. */
export function rowOfStored(model: StoredModel): ModelRow {
  const { name, active, sizeBytes, quantization, error } = model;
  return {
    icon: error === undefined ? storedIcon(model) : "warning",
    label: name,
    description: joined([
      active && "in use",
      originOf(model),
      quantization,
      sizeBytes !== undefined && formatBytes(sizeBytes),
    ]),
    ...(error === undefined ? {} : { detail: `${error.message} (${error.code})` }),
  };
}

function storedIcon({ active, source }: StoredModel): string {
  if (active) return "check";
  return {
    bundled: "package",
    configured: "gear",
    downloaded: "file",
    added: "file",
    found: "plug",
  }[source];
}

/** A model that can be had. */
export function rowOfOffered(offered: OfferedModel): ModelRow {
  const { entry, fit, download } = offered;
  const unfinished = download !== undefined && isUnfinished(download) ? download : undefined;
  return {
    icon: unfinished === undefined ? offeredIcon(fit) : "cloud-download",
    label: entry.name,
    description: joined([
      ...sizeOf(offered),
      unfinished === undefined ? fit && verdictOf(fit) : describeDownload(unfinished),
    ]),
    ...detailOf([
      !entry.recommended && (entry.notes[0] ?? "Not recommended for completion."),
      fit?.verdict === "tooLarge" ? fit.reason : speedOf(fit),
      fit?.verdict !== "tooLarge" && fit !== undefined && contextOf(fit),
      entry.licence && licenceInShort(entry.licence),
    ]),
  };
}

/** What is recommended, with the reason in short. */
export function rowOfRecommended(offered: OfferedModel, reason: string): ModelRow {
  const { entry, fit, download } = offered;
  const unfinished = download !== undefined && isUnfinished(download) ? download : undefined;
  return {
    icon: "star-full",
    label: entry.name,
    description: joined([
      ...sizeOf(offered),
      unfinished === undefined
        ? entry.licence && licenceInShort(entry.licence)
        : describeDownload(unfinished),
    ]),
    ...detailOf([reasonOf(firstSentence(reason), entry.name), speedOf(fit)]),
  };
}

/** The name stands above it already. */
function reasonOf(sentence: string, name: string): string {
  return sentence.startsWith(name)
    ? sentence.slice(name.length).replace(/^( \([^)]*\))? is /, "")
    : sentence;
}

/** A row has one line: the whole reason stands where there is room for it. */
export function firstSentence(text: string): string {
  return /^[^]*?(?=\.(\s|$))/.exec(text)?.[0] ?? text;
}

/** Quantization and size. */
function sizeOf({ quantization, sizeBytes }: OfferedModel): (string | undefined)[] {
  return [sizeBytes === undefined ? undefined : formatBytes(sizeBytes), quantization];
}

function offeredIcon(fit: ModelFit | undefined): string {
  return fit?.verdict === "tooLarge" ? "circle-slash" : "cloud-download";
}

function verdictOf({ verdict }: ModelFit): string {
  return { fits: "fits", slow: "slow here", tooLarge: "too large for this machine" }[verdict];
}

function speedOf(fit: ModelFit | undefined): string | undefined {
  const speed = fit?.decodePerSecond;
  return speed === undefined ? undefined : `about ${formatSpeed(speed)} tokens a second`;
}

function formatSpeed(speed: number): string {
  return speed < 10 ? speed.toFixed(1) : String(Math.round(speed));
}

function contextOf({ contextSize }: ModelFit): string | undefined {
  return contextSize > 0 ? `${formatCount(contextSize)} tokens of context` : undefined;
}

/** Its name, and whether its use is restricted. */
export function licenceInShort({ name, restrictions }: Licence): string {
  return restrictions.length === 0 ? name : `${name} (restricts some uses)`;
}

function detailOf(parts: readonly (string | false | undefined)[]): { readonly detail?: string } {
  const detail = joined(parts);
  return detail === "" ? {} : { detail: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}` };
}

function joined(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== "").join(" · ");
}
