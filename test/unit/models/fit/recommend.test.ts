import { describe, expect, it } from "vitest";
import { shippedEntries } from "../../../../server/models/catalogue/shippedEntries.ts";
import { offer } from "../../../../server/models/fit/offer.ts";
import { recommend } from "../../../../server/models/fit/recommend.ts";
import {
  offeredModelSchema,
  type DownloadState,
  type StoredModel,
} from "../../../../server/protocol/models.ts";
import { machines } from "./machines.ts";

const entries = shippedEntries();

describe("the model to take on a machine", () => {
  it.each<[keyof typeof machines, string]>([
    ["nothing", "starcoder-tiny"],
    ["tinyLaptop", "qwen2.5-coder-0.5b"],
    ["container", "starcoderbase-1b"],
    ["laptop", "qwen2.5-coder-1.5b"],
    ["gpu4", "starcoder2-3b"],
    ["gpu8", "starcoder2-7b"],
    ["gpu24", "starcoder2-7b"],
    ["apple16", "starcoder2-3b"],
    ["apple32", "starcoder2-7b"],
  ])("on %s is %s", (name, id) => {
    const found = recommend(entries, machines[name]);
    expect(found?.id).toBe(id);
    expect(found?.fit.verdict).toBe(name === "nothing" ? "tooLarge" : "fits");
  });

  it("comes with its size, figures and licence", () => {
    expect(recommend(entries, machines.gpu8)?.reason).toMatch(
      /^StarCoder2 7B \(Q4_K_M, 4\.5 GB\) is the best .* runs wholly on the GPU.* Licence: BigCode OpenRAIL-M v1, with restrictions of use\.$/,
    );
  });

  it("is a StarCoder among equals, and the better one where the difference is large", () => {
    const [star, other] = ["starcoder2-3b", "qwen2.5-coder-7b"].map((id) => {
      const entry = entries.find((known) => known.id === id);
      if (entry === undefined) throw new Error(id);
      return entry;
    });
    if (star === undefined || other === undefined) throw new Error("missing");
    const of = (quality: number) =>
      recommend([star, { ...other, quality }], machines.gpu24)?.id ?? "";
    expect(of(star.quality + 5)).toBe(star.id);
    expect(of(star.quality + 7)).toBe(other.id);
  });

  it("is none that is not recommended, made for chat, or larger than the disk", () => {
    const without = entries.map((entry) => ({ ...entry, recommended: false }));
    expect(recommend(without, machines.gpu24)?.id).toBe("starcoder-tiny");
    const chats = entries.map((entry) => ({ ...entry, instruct: true }));
    expect(recommend(chats, machines.gpu24)?.id).toBe("starcoder-tiny");
    const full = { ...machines.gpu24, diskFreeBytes: 1e9 };
    expect(recommend(entries, full)?.sizeBytes).toBeLessThan(1e9);
    expect(recommend([], machines.gpu24)).toBeUndefined();
  });
});

describe("what can be had", () => {
  const stored: StoredModel[] = [
    {
      ...{ id: "starcoder2-3b", name: "StarCoder2 3B", path: "/m/a.gguf" },
      ...{ source: "downloaded", active: true, starter: false },
    },
  ];
  const download = (phase: DownloadState["phase"]): DownloadState => ({
    version: 1,
    request: {
      ...{ id: "starcoder2-7b", name: "StarCoder2 7B", force: false },
      source: { kind: "hub", repository: "a/b", revision: "main", file: "*.gguf" },
    },
    phase,
    receivedBytes: 1,
    updatedAt: "2026-11-24T17:00:00Z",
  });

  it("is listed in the catalogue's order, with how it would run and whether it is there", () => {
    const all = offer(entries, machines.gpu8, stored, [download("downloading")], {
      pageOf: (repository) => `https://hub.example/${repository}`,
      added: ["codellama-7b"],
    });
    expect(all.map(({ entry }) => entry.id)).toEqual(entries.map(({ id }) => id));
    for (const one of all) offeredModelSchema.parse(one);
    const of = (id: string) => all.find(({ entry }) => entry.id === id);
    expect(of("starcoder2-3b")).toMatchObject({ stored: true, added: false });
    expect(of("starcoder2-7b")).toMatchObject({
      ...{ stored: false, quantization: "Q4_K_M", sizeBytes: 4_460_000_000 },
      ...{ fit: { verdict: "fits" }, download: { phase: "downloading" } },
      page: "https://hub.example/QuantFactory/starcoder2-7b-GGUF",
    });
    expect(of("codellama-7b")?.added).toBe(true);
    expect(of("starcoder-tiny")?.page).toBeUndefined();
  });

  it("shows no download that is over, and no fit where the machine is not known", () => {
    for (const phase of ["done", "cancelled"] as const) {
      const all = offer(entries, undefined, [], [download(phase)]);
      expect(all.filter((one) => one.download !== undefined || one.fit !== undefined)).toEqual([]);
      expect(all[1]?.quantization).toBe("Q4_K_M");
    }
  });
});
