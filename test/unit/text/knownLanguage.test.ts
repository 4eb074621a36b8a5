import { expect, test } from "vitest";
import { nearLanguages } from "../../../server/text/knownLanguage.ts";

test.each([
  ["pyhton", ["python"]],
  ["pyton", ["python"]],
  ["javscript", ["javascript"]],
  ["typescrpt", ["typescript"]],
  ["rubby", ["ruby"]],
  ["kotlinn", ["kotlin"]],
])("%s was meant to be %j", (written, meant) => {
  expect(nearLanguages(written)).toEqual(meant);
});

test.each([
  ...["python", "c", "zig", "d", "cue", "vala", "julia", "cobol", "fortran", "solidity", "ocaml"],
  ...["haml", "jsonc", "scss", "racket", "crystal", "rescript", "purescript", "verilog", "groovy"],
])("%s is taken as it is", (written) => {
  expect(nearLanguages(written)).toEqual([]);
});
