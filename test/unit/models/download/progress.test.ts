import { onTestFinished, describe, expect, it } from "vitest";
import { createProgress } from "../../../../server/models/download/progress.ts";
import { describeDownload } from "../../../../server/protocol/downloadText.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type { DownloadState } from "../../../../server/protocol/models.ts";

function open() {
  const written: DownloadState[] = [];
  const progress = createProgress({
    request: { id: "a", name: "A", source: { kind: "bundled" }, force: false },
    pid: 1,
    now: () => 0,
    write: (state) => void written.push(state),
  });
  onTestFinished(() => progress.stop());
  return { progress, said: () => written.map(describeDownload), written };
}

const unreachable = new CodedError("HUB_UNREACHABLE");

describe("the progress of a download", () => {
  it("says that the hub is asked again, at once and until it has answered", () => {
    const { progress, said, written } = open();
    const tries = { next: 2, most: 2 };
    progress.phase("checking");
    progress.waiting(1.5, unreachable, tries);
    progress.phase("checking", { tries });
    progress.phase("downloading", { totalBytes: 5e6 });
    expect(said()).toEqual([
      "asking the hub for size and contents",
      "The model hub cannot be reached; trying again in 2 s (2 of 2)",
      "asking the hub again (2 of 2)",
      "0 B of 5.0 MB",
    ]);
    expect(written.at(-1)).not.toHaveProperty("tries");
  });

  it("loses the line about a broken connection when bytes come again", () => {
    const { progress, said } = open();
    progress.phase("downloading", { totalBytes: 5e6, receivedBytes: 1e6 });
    progress.waiting(8, unreachable);
    progress.waiting(undefined);
    progress.phase("downloading");
    expect(said()).toEqual([
      "1.0 MB of 5.0 MB",
      "1.0 MB of 5.0 MB. The model hub cannot be reached; trying again in 8 s",
      "1.0 MB of 5.0 MB",
    ]);
  });
});
