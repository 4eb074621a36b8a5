import { expect, it } from "vitest";
import { repeatsTests, trimAnswer } from "../../../server/workflow/trimAnswer.ts";

const place = {
  before: "import re\n\n\ndef words(text):\n    return re.findall(text)\n\n\n",
  after: "\n\ndef main():\n    print(1)\n",
};
const code = "def one():\n    return 1";

it("takes away what stands around the code already", () => {
  expect(trimAnswer(`${place.before}${code}${place.after}`, place)).toBe(code);
  expect(trimAnswer(`import re\n\n${code}`, place)).toBe(code);
  expect(trimAnswer(`import os\n${code}`, place)).toBe(`import os\n${code}`);
  expect(trimAnswer(code, { before: "", after: "" })).toBe(code);
});

it("takes away an example of use at the end, and no code behind it", () => {
  expect(trimAnswer(`${code}\n\n# Example usage:\nprint(one())`, place)).toBe(code);
  const more = `${code}\n\n# Test whether it is odd\ndef odd():\n    return True`;
  expect(trimAnswer(more, place)).toBe(more);
});

it("knows code that only repeats the tests", () => {
  expect(repeatsTests("assert one() == 1\n", "from a import one\nassert one() == 1")).toBe(true);
  expect(repeatsTests(code, "assert one() == 1")).toBe(false);
  expect(repeatsTests(code, undefined)).toBe(false);
});
