import { describe, expect, it } from "vitest";
import { filterOfError } from "../../../media/logs/errorFilter.ts";
import {
  chipsOf,
  everything,
  fromLogFilter,
  spanProblem,
  toggleService,
  toLogFilter,
  type ViewFilter,
} from "../../../media/logs/logFilters.ts";
import { beginWith } from "../../../media/logs/rememberedState.ts";
import { logFilterSchema, logServices } from "../../../server/protocol/logs.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("the filter of the log viewer", () => {
  it("asks for everything when nothing is chosen", () => {
    expect(toLogFilter(everything, now)).toEqual({});
  });

  it("asks the reader for what is chosen", () => {
    const filter: ViewFilter = {
      ...everything,
      services: ["host"],
      level: "warn",
      span: "1h",
      text: "slow",
      code: "TIMEOUT_ERROR",
      requestId: "r1",
    };
    const asked = toLogFilter(filter, now);
    expect(asked).toEqual({
      services: ["host"],
      level: "warn",
      since: "2026-11-24T11:00:00.000Z",
      text: "slow",
      code: "TIMEOUT_ERROR",
      requestId: "r1",
    });
    expect(logFilterSchema.parse(asked)).toEqual(asked);
  });

  it("keeps the times of another view's filter to the second", () => {
    const asked = { since: "2026-11-24T10:30:05.000Z", until: "2026-11-24T11:00:00.000Z" };
    expect(toLogFilter(fromLogFilter(asked), now)).toEqual(asked);
  });

  it("restricts nothing by a time that is none, and says when the ends are swapped", () => {
    const custom: ViewFilter = { ...everything, span: "custom", since: "soon" };
    expect(toLogFilter(custom, now)).toEqual({});
    expect(spanProblem(custom)).toBeUndefined();
    expect(
      spanProblem({ ...custom, since: "2026-11-24T12:00:00", until: "2026-11-24T11:00:00" }),
    ).toMatch(/end lies before/);
  });

  it("shows a chip for each restriction, and the chip takes away that one alone", () => {
    const filter = fromLogFilter({ services: ["host", "server"], level: "error", requestId: "r1" });
    const chips = chipsOf(filter);
    expect(chips.map(({ name, value }) => `${name} ${value}`)).toEqual([
      "service host",
      "service server",
      "level error",
      "request r1",
    ]);
    expect(chips[0]?.without).toEqual({ ...filter, services: ["server"] });
    expect(chips[3]?.without).toEqual({ ...filter, requestId: "" });
    expect(chipsOf(everything)).toEqual([]);
  });

  it("takes all services for none", () => {
    const all = logServices.reduce(
      (filter, service) => toggleService(filter, service, logServices),
      everything,
    );
    expect(all.services).toEqual([]);
    const one = toggleService(everything, "review", logServices);
    expect(one.services).toEqual(["review"]);
    expect(toggleService(one, "review", logServices).services).toEqual([]);
  });

  it("begins as asked for, else as it was left, and takes nothing that it does not know", () => {
    const left = { tab: "analysis", filter: { ...everything, text: "left" } };
    const initial = { tab: "records", level: "info" } as const;
    expect(beginWith(initial, left).filter.text).toBe("left");
    expect(beginWith({ ...initial, filter: { code: "X" } }, left).filter).toEqual({
      ...everything,
      code: "X",
    });
    expect(beginWith(initial, { filter: 7 }).filter).toEqual(everything);
  });
});

describe("a kind of error in the analysis", () => {
  const error = {
    message: "it failed",
    count: 1,
    firstTime: "",
    lastTime: "",
    services: [],
  };
  it("leads to the records with its code", () => {
    const found = filterOfError({ ...error, code: "MEMORY_ERROR" }, everything);
    expect(found).toEqual({ ...everything, code: "MEMORY_ERROR" });
  });

  it("leads to the records of a code that this version does not know", () => {
    const found = filterOfError({ ...error, message: "HOST_LOST: it failed" }, everything);
    expect(found.code).toBe("HOST_LOST");
  });

  it("leads to errors with its words where it has no code", () => {
    const found = filterOfError({ ...error, message: "no answer within 40 ms" }, everything);
    expect(found).toEqual({ ...everything, level: "error", text: "no answer within" });
  });
});
