import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { toSarif } from "../../../server/cli/review/sarif.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { findingAt, resultOf } from "../lsp/review/support/findings.ts";

const text = "if (café <= b) {}\n";
const finding = findingAt(text, 0, "<=", "<");
const hidden = findingAt(text, 0, "b", "a", { shown: false });
const root = "/project";

/** What SARIF 2.1.0 demands of the parts that we write. */
const location = z.object({
  physicalLocation: z.object({
    artifactLocation: z.object({ uri: z.string(), uriBaseId: z.literal("%SRCROOT%").optional() }),
    region: z.object({
      startLine: z.number().int().min(1),
      startColumn: z.number().int().min(1),
      endLine: z.number().int().min(1),
      endColumn: z.number().int().min(1),
    }),
  }),
});
const schema = z.object({
  $schema: z.string(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({
          name: z.string(),
          rules: z.array(
            z.object({
              id: z.string(),
              shortDescription: z.object({ text: z.string().min(1) }),
              fullDescription: z.object({ text: z.string().min(1) }),
              help: z.object({ text: z.string().min(1), markdown: z.string().min(1) }),
            }),
          ),
        }),
      }),
      columnKind: z.literal("utf16CodeUnits"),
      originalUriBaseIds: z.record(z.string(), z.object({ uri: z.string().endsWith("/") })),
      invocations: z.tuple([
        z.object({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(
            z.object({ message: z.object({ text: z.string() }) }),
          ),
        }),
      ]),
      results: z.array(
        z.object({
          ruleId: z.string(),
          ruleIndex: z.number(),
          level: z.enum(["none", "note", "warning", "error"]),
          message: z.object({ text: z.string().min(1) }),
          locations: z.array(location),
          fixes: z.array(
            z.object({
              artifactChanges: z.array(
                z.object({
                  replacements: z.array(
                    z.object({
                      deletedRegion: z.object({ startLine: z.number() }),
                      insertedContent: z.object({ text: z.string() }),
                    }),
                  ),
                }),
              ),
            }),
          ),
          partialFingerprints: z.record(z.string(), z.string()),
          rank: z.number().min(0).max(100),
        }),
      ),
    }),
  ]),
});

function sarifOf(file: string) {
  const record = {
    files: [
      { file, result: resultOf([finding, hidden]) },
      { file: join(root, "gone.ts"), error: new CodedError("DOCUMENT_UNSUPPORTED").toData() },
    ],
    recommendations: [],
  };
  return schema.parse(toSarif(record, "1.2.3", root)).runs[0];
}

describe("SARIF", () => {
  it("holds what is drawn, with place, fix, fingerprint and rank", () => {
    const { results, tool } = sarifOf(join(root, "src", "a.ts"));
    expect(results).toHaveLength(1);
    const [result] = results;
    expect(tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe("starcoder/wrong-comparison");
    expect(result).toMatchObject({
      level: "warning",
      rank: 90,
      partialFingerprints: { "starcoder/v1": finding.fingerprint },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "src/a.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: 1, startColumn: 10, endLine: 1, endColumn: 12 },
          },
        },
      ],
    });
    expect(result?.fixes[0]?.artifactChanges[0]?.replacements).toMatchObject([
      { insertedContent: { text: "<" } },
    ]);
  });

  it("says which files could not be reviewed", () => {
    const [invocation] = sarifOf(join(root, "a.ts")).invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications).toHaveLength(1);
  });

  it.each([
    ["/project", "file:///project/"],
    ["/odd name", "file:///odd%20name/"],
    ["/", "file:///"],
  ])("names the folder %s as %s", (folder, uri) => {
    const record = { files: [], recommendations: [] };
    const [run] = schema.parse(toSarif(record, "1.2.3", folder)).runs;
    expect(run.originalUriBaseIds["%SRCROOT%"]?.uri).toBe(uri);
  });

  it.each([
    [join(root, "odd name#1.ts"), "odd%20name%231.ts"],
    ["/elsewhere/a.ts", "file:///elsewhere/a.ts"],
  ])("names %s as %s", (file, uri) => {
    const [result] = sarifOf(file).results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
  });
});
