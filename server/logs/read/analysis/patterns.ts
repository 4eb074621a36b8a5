import { errorTable, type ErrorCode } from "../../../protocol/errors.ts";
import type { LogAnalysis, logPatternNames } from "../../../protocol/logs.ts";

export type PatternName = (typeof logPatternNames)[number];

interface Pattern {
  readonly name: PatternName;
  /** Codes that say it, the one whose remedy helps where a record has none first. */
  readonly codes: readonly [ErrorCode, ...ErrorCode[]];
  /** Words that say it in messages of the system, of llama.cpp and of drivers. */
  readonly words: RegExp;
}

/**
 * What failures have in common. The code of a record decides; where it has none or says no more than
 * that something failed, the words of its message and details do, and the first line here that fits:
 * a GPU that is out of memory is a matter of memory.
 */
export const patterns: readonly Pattern[] = [
  {
    name: "corrupt-model",
    codes: ["MODEL_INVALID", "MODEL_DAMAGED", "MODEL_CHANGED", "SCORES_INVALID"],
    words:
      /not a gguf|invalid magic|bad magic|gguf.*(?:truncat|corrupt|invalid)|model.*(?:corrupt|damaged|truncat)|(?:checksum|hash).*(?:mismatch|differ|wrong|not match)|missing tensor|tensor.*(?:not found|out of bounds)|probabilities are not/i,
  },
  {
    name: "memory",
    codes: ["MEMORY_ERROR"],
    words:
      /out of (?:\w+ )?memory|not enough memory|\benomem\b|bad_alloc|cannot allocate|failed to allocate|allocation fail|\boom\b|heap limit|insufficient memory/i,
  },
  {
    name: "gpu",
    codes: ["BACKEND_UNAVAILABLE"],
    words:
      /\b(?:cuda|cublas|vulkan|vk_error\w*|metal|rocm|hip|gpu|vram|nvidia)\b|device lost|falls back to the cpu/i,
  },
  {
    name: "disk",
    codes: ["DISK_FULL"],
    words: /\b(?:enospc|edquot|erofs|eio)\b|no space left|disk (?:is )?full|read-only file system/i,
  },
  {
    name: "permission",
    codes: ["HOME_NOT_WRITABLE", "LOG_UNREADABLE", "ENDPOINT_AUTH", "WORKSPACE_UNTRUSTED"],
    words: /\b(?:eacces|eperm)\b|permission denied|access is denied|not permitted|forbidden/i,
  },
  {
    name: "timeout",
    codes: ["TIMEOUT_ERROR", "HOST_HUNG"],
    words:
      /\btime-?d? ?-?outs?\b|\btimed out\b|\be(?:sock)?timedout\b|took too long|deadline|not answer in time/i,
  },
  {
    name: "connection",
    codes: [
      "MODEL_UNAVAILABLE",
      "HOST_DIED",
      "HOST_CRASH_LOOP",
      "HOST_AUTH",
      "HOST_VERSION",
      "SERVER_DIED",
      "SERVER_CRASH_LOOP",
      "PORT_IN_USE",
      "ENDPOINT_DNS",
      "ENDPOINT_UNREACHABLE",
      "ENDPOINT_TLS",
      "ENDPOINT_PROXY",
      "ENDPOINT_BUSY",
      "ENDPOINT_FAILED",
    ],
    words:
      /\b(?:econn\w+|epipe|enotfound|eai_again|enetunreach|ehostunreach|eaddrinuse)\b|socket hang ?up|connection.*(?:lost|closed|refused|reset|failed)|lost the model host|unreachable|peer (?:cut off|refused)/i,
  },
];

/** Codes that say no more than that something failed. */
const vague: ReadonlySet<string> = new Set(["INTERNAL_ERROR", "REBUILD_FAILED"]);
const byCode = new Map<string, Pattern>(
  patterns.flatMap((pattern) => pattern.codes.map((code) => [code, pattern] as const)),
);

/** Which pattern a failure follows; undefined where it is none of the known ones. */
export function patternOf(code: string | undefined, text: string): Pattern | undefined {
  if (code !== undefined && Object.hasOwn(errorTable, code) && !vague.has(code))
    return byCode.get(code);
  return patterns.find(({ words }) => words.test(text));
}

/** Counts failures by pattern. */
export class PatternCounts {
  private readonly counts = new Map<PatternName, LogAnalysis["patterns"][number]>();

  /** @param text Message and details. @param time ISO 8601. */
  add(code: string | undefined, text: string, time: string): void {
    const pattern = patternOf(code, text);
    if (pattern === undefined) return;
    const { name, codes } = pattern;
    const before = this.counts.get(name);
    if (before !== undefined && before.lastTime > time) {
      before.count += 1;
      return;
    }
    const named = codes.find((known) => known === code);
    this.counts.set(name, {
      name,
      count: (before?.count ?? 0) + 1,
      lastTime: time,
      example: text.slice(0, 300),
      remedy: errorTable[named ?? codes[0]].remedy,
    });
  }

  /** Most frequent first. */
  list(): LogAnalysis["patterns"] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count);
  }
}
