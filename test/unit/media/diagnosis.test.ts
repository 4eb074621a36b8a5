import { expect, it } from "vitest";
import { diagnosisGroups, diagnosisHeadline } from "../../../media/health/diagnosisGroups.ts";
import { diagnosisMarkdown } from "../../../media/health/diagnosisMarkdown.ts";
import { sampleReport } from "./samples.ts";

it("puts what is wrong first: groups and their checks", () => {
  const groups = diagnosisGroups([...sampleReport.checks].reverse());
  expect(groups.map(({ title }) => title)).toEqual(["Model", "Editor", "Service", "Machine"]);
  expect(groups[0]?.checks.map(({ name }) => name)).toEqual(["model", "hash"]);
});

it("sums up in one line", () => {
  expect(diagnosisHeadline(sampleReport)).toBe("1 check failed, 1 warning, 3 passed.");
  const checks = sampleReport.checks.filter(({ status }) => status === "ok");
  expect(diagnosisHeadline({ ...sampleReport, checks })).toBe("All 3 checks passed.");
});

it("counts a check that timed out among the failed ones", () => {
  const checks = sampleReport.checks.map((check) => ({ ...check, status: "timeout" as const }));
  expect(diagnosisHeadline({ ...sampleReport, checks })).toBe("6 checks failed, 0 passed.");
});

it("writes the report as Markdown, with the remedy of what is wrong alone", () => {
  const markdown = diagnosisMarkdown(sampleReport);
  expect(markdown).toContain(
    "1 check failed, 1 warning, 3 passed. StarCoder Local 0.1.0, linux-x64",
  );
  expect(markdown).toContain("- **Failed**: Model file (`MODEL_INVALID`): /models/broken.gguf");
  expect(markdown).toContain("  - In a terminal: `starcoder doctor`");
  expect(markdown).toContain("- **OK**: Node.js: Version 22.1.0.\n");
  expect(markdown.match(/Why it matters/g)).toHaveLength(2);
});
