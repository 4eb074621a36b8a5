import type { ModelDescription } from "../../protocol/host.ts";

/** Where the prefix is split: what lies above goes before the suffix, what lies below after it. */
export type Anchor =
  /** The whole window follows the suffix (SPM variant 2): it never needs to move while one types. */
  | { readonly kind: "windowStart" }
  /** So many lines above the cursor; moved when the part since then has grown past `mostLines`. */
  | { readonly kind: "lines"; readonly lines: number; readonly mostLines: number };

/** How other files are put before the file being edited. */
export interface RepositoryFormat {
  /** Opens the prompt, followed by the repository's name; absent where the format has none. */
  readonly repository?: string;
  /** Opens each file, followed by its path, a line break and its text. */
  readonly file: string;
  /** Text after the repository's name and after each file. */
  readonly separator: string;
  /** Whether the path of the file being edited stands inside the FIM prefix or before it. */
  readonly path: "inPrefix" | "before";
}

/** How a family of models was trained to fill in the middle. */
export interface Family {
  readonly id: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Absent where the prefix token itself comes last (`SUF suffix PRE prefix`). */
  readonly middle?: string;
  readonly repository?: RepositoryFormat;
  /** Special tokens that end a completion, besides the vocabulary's end of generation. */
  readonly stopTokens: readonly string[];
  readonly anchor: Anchor;
}

interface FamilyRow extends Family {
  readonly matches: (model: ModelDescription) => boolean;
}

const starCoder = {
  prefix: "<fim_prefix>",
  suffix: "<fim_suffix>",
  middle: "<fim_middle>",
} as const;

const starCoderStops = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>"] as const;
const fileNames: RepositoryFormat = {
  repository: "<reponame>",
  file: "<filename>",
  separator: "",
  path: "before",
};

/** A few lines up, moved seldom: for models trained on PSM alone. */
const fewLines: Anchor = { kind: "lines", lines: 4, mostLines: 40 };
const windowStart: Anchor = { kind: "windowStart" };

/** First match wins; narrower rows come first. */
const families: readonly FamilyRow[] = [
  {
    id: "santacoder",
    matches: (model) => has(model, "<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
    prefix: "<fim-prefix>",
    suffix: "<fim-suffix>",
    middle: "<fim-middle>",
    stopTokens: ["<fim-prefix>", "<fim-suffix>", "<fim-middle>", "<|endoftext|>"],
    anchor: windowStart,
  },
  {
    id: "stable-code",
    matches: (model) => hasStarCoder(model) && model.architecture === "stablelm",
    ...starCoder,
    stopTokens: [...starCoderStops, "<|endoftext|>"],
    anchor: fewLines,
  },
  {
    id: "granite-code",
    matches: (model) =>
      hasStarCoder(model) &&
      (/granite/i.test(model.architecture) ||
        /granite/i.test(model.name) ||
        model.tokenizerPre === "refact"),
    ...starCoder,
    stopTokens: [...starCoderStops, "<|endoftext|>", "<filename>", "<reponame>"],
    anchor: fewLines,
  },
  {
    id: "starcoder2",
    matches: (model) => hasStarCoder(model) && has(model, "<file_sep>"),
    ...starCoder,
    repository: {
      repository: "<repo_name>",
      file: "<file_sep>",
      separator: "",
      path: "inPrefix",
    },
    stopTokens: [...starCoderStops, "<file_sep>", "<repo_name>", "<|endoftext|>"],
    anchor: windowStart,
  },
  {
    id: "starcoder",
    matches: (model) => hasStarCoder(model),
    ...starCoder,
    repository: fileNames,
    stopTokens: [...starCoderStops, "<filename>", "<reponame>", "<gh_stars>", "<|endoftext|>"],
    anchor: windowStart,
  },
  {
    id: "codegemma",
    matches: (model) =>
      hasPiped(model) &&
      (has(model, "<|file_separator|>") || model.architecture.startsWith("gemma")),
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    stopTokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"],
    anchor: fewLines,
  },
  {
    id: "qwen2.5-coder",
    matches: (model) => hasPiped(model),
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    repository: {
      repository: "<|repo_name|>",
      file: "<|file_sep|>",
      separator: "\n",
      path: "before",
    },
    stopTokens: [
      "<|fim_prefix|>",
      "<|fim_suffix|>",
      "<|fim_middle|>",
      "<|fim_pad|>",
      "<|repo_name|>",
      "<|file_sep|>",
      "<|endoftext|>",
      "<|im_end|>",
    ],
    anchor: fewLines,
  },
  {
    id: "deepseek-coder",
    matches: (model) => has(model, "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
    prefix: "<｜fim▁begin｜>",
    suffix: "<｜fim▁hole｜>",
    middle: "<｜fim▁end｜>",
    stopTokens: ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"],
    anchor: fewLines,
  },
  {
    id: "codellama",
    matches: (model) => has(model, "▁<PRE>", "▁<SUF>", "▁<MID>"),
    prefix: "▁<PRE>",
    suffix: "▁<SUF>",
    middle: "▁<MID>",
    stopTokens: ["▁<EOT>"],
    anchor: fewLines,
  },
  {
    id: "codellama",
    matches: (model) => has(model, "<PRE>", "<SUF>", "<MID>"),
    prefix: "<PRE>",
    suffix: "<SUF>",
    middle: "<MID>",
    stopTokens: ["<EOT>"],
    anchor: fewLines,
  },
  {
    id: "codestral",
    matches: (model) => has(model, "[PREFIX]", "[SUFFIX]"),
    prefix: "[PREFIX]",
    suffix: "[SUFFIX]",
    stopTokens: ["[PREFIX]", "[SUFFIX]", "[MIDDLE]"],
    anchor: windowStart,
  },
];

/** Whether all that stands before the cursor is read after the suffix. */
export function readsPrefixLast({ middle, anchor }: Family): boolean {
  return middle === undefined || anchor.kind === "windowStart";
}

/**
 * The family of a model, from its metadata and vocabulary, never from its file name; undefined where
 * it has no FIM tokens. Tokens that this vocabulary lacks are left out of the answer.
 */
export function detectFamily(model: ModelDescription): Family | undefined {
  const row = families.find((candidate) => candidate.matches(model));
  if (row === undefined) return undefined;
  const { id, prefix, suffix, middle, repository, anchor } = row;
  return {
    id,
    prefix,
    suffix,
    ...(middle === undefined ? {} : { middle }),
    stopTokens: row.stopTokens.filter((token) => has(model, token)),
    anchor,
    ...(repository === undefined || !has(model, repository.file)
      ? {}
      : { repository: withoutMissingName(repository, model) }),
  };
}

function withoutMissingName(format: RepositoryFormat, model: ModelDescription): RepositoryFormat {
  if (format.repository !== undefined && has(model, format.repository)) return format;
  const { file, separator, path } = format;
  return { file, separator, path };
}

function has(model: ModelDescription, ...tokens: readonly string[]): boolean {
  return tokens.every((token) => model.specialTokens.includes(token));
}

function hasStarCoder(model: ModelDescription): boolean {
  return has(model, "<fim_prefix>", "<fim_suffix>", "<fim_middle>");
}

function hasPiped(model: ModelDescription): boolean {
  return has(model, "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>");
}
