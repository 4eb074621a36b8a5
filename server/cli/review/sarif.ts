import { relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodedErrorData } from "../../protocol/errors.ts";
import type { ReviewRecord } from "../../protocol/records.ts";
import {
  ruleDeclarations,
  ruleIds,
  type Range,
  type ReviewFinding,
  type RuleId,
  type Severity,
} from "../../protocol/review.ts";

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
const schema = "https://json.schemastore.org/sarif-2.1.0.json";
const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/**
 * A review as SARIF 2.1.0: drawn findings as results, files that could not be reviewed as
 * notifications of the invocation. Files at or below the working folder are named relative to it.
 */
export function toSarif(record: ReviewRecord, version: string, root = process.cwd()): object {
  const failures = record.files.flatMap(({ file, error, result }) => {
    const failure = error ?? result?.scoreError;
    return failure === undefined ? [] : [toNotification(file, failure, root)];
  });
  return {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "StarCoder Local",
            version,
            semanticVersion: version,
            rules: ruleIds.map((id) => {
              const { title, description, severity, category } = ruleDeclarations[id];
              return {
                id,
                name: title,
                shortDescription: { text: title },
                fullDescription: { text: description },
                help: helpOf(id),
                defaultConfiguration: { level: levels[severity] },
                properties: { tags: [category] },
              };
            }),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: {
          "%SRCROOT%": { uri: `${pathToFileURL(root).href.replace(/\/$/, "")}/` },
        },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures,
          },
        ],
        results: record.files.flatMap(({ file, result }) =>
          (result?.findings ?? [])
            .filter(({ shown }) => shown)
            .map((finding) => toResult(file, finding, root)),
        ),
      },
    ],
  };
}

/** The rule's page lies beside the product, where a reader of the report cannot follow a link to it. */
function helpOf(id: RuleId): object {
  const { description } = ruleDeclarations[id];
  const name = id.replace("starcoder/", "");
  const silence = (comment: string) =>
    `${description} If the code is right as it is, a comment on the line above silences the rule: ${comment}`;
  const comment = `// starcoder-ignore-next-line ${name} -- reason`;
  return { text: silence(comment), markdown: silence(`\`${comment}\``) };
}

function toResult(file: string, finding: ReviewFinding, root: string): object {
  const { rule, severity, message, why, range, fix, related, fingerprint, confidence } = finding;
  const artifactLocation = toLocation(file, root);
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level: levels[severity],
    message: { text: `${message} ${why}` },
    locations: [{ physicalLocation: { artifactLocation, region: toRegion(range) } }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, id) => ({
            id,
            message: { text: each.message },
            physicalLocation: { artifactLocation, region: toRegion(each.range) },
          })),
        }),
    ...(fix === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: fix.edits.map((edit) => ({
                    deletedRegion: toRegion(edit.range),
                    insertedContent: { text: edit.newText },
                  })),
                },
              ],
            },
          ],
        }),
    partialFingerprints: { "starcoder/v1": fingerprint },
    rank: Math.round(1000 * confidence) / 10,
  };
}

function toNotification(file: string, { code, message, remedy }: CodedErrorData, root: string) {
  return {
    level: "error",
    descriptor: { id: code },
    message: { text: `${message} ${remedy}` },
    locations: [{ physicalLocation: { artifactLocation: toLocation(file, root) } }],
  };
}

function toLocation(file: string, root: string): object {
  const path = relative(root, file);
  if (path === "" || path.startsWith("..") || /^[a-z]:/i.test(path)) {
    return { uri: pathToFileURL(file).href };
  }
  const uri = path.split(sep).map(encodeURIComponent).join("/");
  return { uri, uriBaseId: "%SRCROOT%" };
}

/** SARIF counts from 1; the end lies behind the last character, as ours does. */
function toRegion({ start, end }: Range): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
