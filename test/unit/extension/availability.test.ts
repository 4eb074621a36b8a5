import { describe, expect, it } from "vitest";
import { availabilityOf } from "../../../extension/availability.ts";
import { defaultSettings } from "../../../server/protocol/settings.ts";

const pythonOff = { ...defaultSettings, languages: { "*": true, python: false } };

describe("availability of suggestions", () => {
  it("is on where nothing says otherwise", () => {
    expect(availabilityOf(defaultSettings, "python", false)).toEqual({ kind: "on" });
  });

  it("is off for a language that is switched off, and for that one only", () => {
    expect(availabilityOf(pythonOff, "python", false)).toEqual({ kind: "off", why: "language" });
    expect(availabilityOf(pythonOff, "go", false)).toEqual({ kind: "on" });
  });

  it("names the switch that hides the others first", () => {
    expect(availabilityOf(pythonOff, "python", true)).toMatchObject({ why: "snoozed" });
    expect(availabilityOf({ ...pythonOff, enabled: false }, "python", true)).toMatchObject({
      why: "disabled",
    });
  });

  it("does not depend on languages where no editor has the focus", () => {
    const allOff = { ...defaultSettings, languages: { "*": false } };
    expect(availabilityOf(allOff, undefined, false)).toEqual({ kind: "on" });
    expect(availabilityOf(allOff, "go", false)).toEqual({ kind: "off", why: "language" });
  });
});
