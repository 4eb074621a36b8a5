import { describe, expect, it } from "vitest";
import {
  createPatience,
  type PatienceOptions,
} from "../../../../server/models/download/patience.ts";
import { NetworkError } from "../../../../server/network/failures.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";

const origin = "https://hub.example";
const unreachable = new NetworkError("HUB_UNREACHABLE", "No.", { origin });

/** The waits until it is given up, in milliseconds, with what would be said. */
function waits(thrown: unknown, options: Partial<PatienceOptions> = {}) {
  const patience = createPatience({ random: () => 1, ...options });
  const said: { readonly ms: number; readonly tries: string }[] = [];
  try {
    for (;;) {
      const { ms, tries } = patience.afterFailure(thrown);
      said.push({ ms, tries: `${String(tries.next)} of ${String(tries.most)}` });
    }
  } catch (last) {
    expect(last).toBe(thrown);
    return said;
  }
}

describe("patience with a server", () => {
  it("that has never answered ends after two tries, with a wait of which people are told", () => {
    expect(waits(unreachable, { answered: new Set() })).toEqual([{ ms: 2000, tries: "2 of 2" }]);
    expect(waits(unreachable, { answered: new Set(), random: () => 0 })[0]?.ms).toBe(1500);
  });

  it("that has answered before lasts a minute and a half", () => {
    const said = waits(unreachable, { answered: new Set([origin]), random: () => 0.5 });
    expect(said.map(({ tries }) => tries)).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9, 10].map((next) => `${String(next)} of 10`),
    );
    const seconds = said.reduce((sum, { ms }) => sum + ms, 0) / 1000;
    expect(seconds).toBeGreaterThan(80);
    expect(seconds).toBeLessThan(100);
  });

  it("that answers with a failure is as long, whether bytes came or not", () => {
    const failed = new NetworkError("HUB_FAILED", "No.", { status: 500 });
    expect(waits(failed, { answered: new Set() }).length).toBe(9);
  });

  it("begins anew when something comes", () => {
    const answered = new Set<string>();
    const patience = createPatience({ random: () => 0, answered });
    expect(patience.afterFailure(unreachable).tries.next).toBe(2);
    answered.add(origin);
    patience.progressed();
    expect(patience.afterFailure(unreachable).tries).toEqual({ next: 2, most: 10 });
  });

  it("there is none where another try changes nothing", () => {
    expect(waits(new CodedError("HUB_GATED"))).toEqual([]);
    expect(waits(new CodedError("DOWNLOAD_MISMATCH"))).toEqual([]);
  });
});
