import { formatBytes } from "../../server/protocol/figures.ts";
import type { ModelList, VerifyRecord } from "../../server/protocol/models.ts";

/** What the models of the home take, and what is free there. */
export function diskText({ diskBytes, diskFreeBytes }: ModelList): string {
  const free = diskFreeBytes === undefined ? "" : `; ${formatBytes(diskFreeBytes)} are free`;
  return diskBytes === 0
    ? `No models were downloaded${free}`
    : `Downloaded models take ${formatBytes(diskBytes)}${free}`;
}

/** What a verification found, in one sentence. */
export function verifyText({ models }: VerifyRecord, nameOf: (id: string) => string): string {
  const names = (status: string) =>
    models.filter((model) => model.status === status).map(({ id }) => nameOf(id));
  const [damaged, missing, firstSeen] = [names("damaged"), names("missing"), names("firstSeen")];
  const bad = [
    ...(damaged.length === 0 ? [] : [`Damaged: ${damaged.join(", ")}.`]),
    ...(missing.length === 0 ? [] : [`Missing: ${missing.join(", ")}.`]),
  ];
  if (bad.length > 0) return `${bad.join(" ")} Remove and download what is damaged again.`;
  const same = models.length - firstSeen.length;
  const checked =
    same === 1
      ? "1 model is as it was downloaded."
      : `${String(same)} models are as they were downloaded.`;
  return firstSeen.length === 0
    ? checked
    : `${same === 0 ? "" : `${checked} `}Seen for the first time: ${firstSeen.join(", ")}.`;
}
