/*
 * Takes secrets and private paths out of text before it is written or shown. Every pattern begins
 * at a fixed word or is bounded, so that the time grows with the text's length alone.
 */

/** What is private on this machine beside what looks private anywhere. */
export interface PrivateFacts {
  /** The user's home folder; becomes `~`. */
  readonly userFolder?: string;
  readonly userName?: string;
  /** Values that must not appear, such as those of environment variables that hold keys. */
  readonly secrets?: readonly string[];
}

export interface Redacted {
  readonly text: string;
  /** How many places were changed. */
  readonly count: number;
}

export type Redact = (text: string) => Redacted;

/** What stands where a secret was. */
export const redactedMark = "[redacted]";

interface Rule {
  readonly pattern: RegExp;
  /** `$1` is what of the match may stay. */
  readonly by: string;
}

/** A literal shorter than this says nothing, and stands in too many innocent words. */
const shortestSecret = 8;

/** Longer than any private key in letters. */
const longestKey = 20_000;

/** Names of accounts that name nobody. */
const impersonal = new Set(
  "root user node admin administrator vscode codespace runner home default guest ubuntu".split(" "),
);

/** After a name: `: `, `=`, `=>` and the quote that opens, also those of JSON, and of JSON in JSON. */
const isSet = String.raw`(?:\d{0,3}\\?["'\x60]?\s{0,3}(?:=>|[:=])\s{0,3}(?:\\?"|')?)`;
/** Up to the closing quote, or up to where an unquoted value ends. */
const value = String.raw`(?!\[redacted|starcoder\.|(?:true|false|null)\b)(?:(?<=\\")(?:[^"\\\r\n]|\\(?!"))+|(?<=(?<!\\)")(?:[^"\\\r\n]|\\[^\r\n])+|(?<=')[^'\r\n]+|[^\s,;&|"'\x60<>()[\]{}\\]+)`;
const names = String.raw`(?:(?:api|access|private|secret|auth|account|master|encryption|signing|shared|subscription|client)[-_. ]?key|(?<![a-z])key|token|secret|passwd|password|passphrase|(?<![a-z])pwd|(?<![a-z])pass|(?<![a-z])_auth|credentials?)`;

/** Tokens that say themselves whose they are. */
const knownTokens: Rule = {
  pattern:
    /(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{8,}|sk-[\w-]{8,}|gh[pousr]_\w{10,}|github_pat_\w{10,}|glpat-[\w-]{10,}|xox[abeoprs]-[\w-]{8,}|npm_[A-Za-z0-9]{20,}|pypi-[\w-]{20,}|[rsp]k_(?:live|test)_\w{8,}|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w.-]{10,}|GOCSPX-[\w-]{10,}|eyJ[\w-]{10,}(?:\.[\w-]*){0,4})/g,
  by: redactedMark,
};

/** What looks private anywhere. */
const secretRules: readonly Rule[] = [
  // A header's value may hold spaces: it ends with the line or the quote.
  {
    pattern: new RegExp(
      `((?:authorization|(?<![a-z])cookie)${isSet})(?!\\s{0,3}\\[redacted)[^\\r\\n"'\\\\]{1,8000}`,
      "gi",
    ),
    by: `$1${redactedMark}`,
  },
  { pattern: /(\bbearer\s{1,3})(?!\[redacted)[\w.~+/=-]{6,}/gi, by: `$1${redactedMark}` },
  { pattern: /(?<=:\/\/)(?!\[redacted\]@)[^\s/?#"'<>\\]{1,300}@/g, by: `${redactedMark}@` },
  knownTokens,
  {
    pattern: new RegExp(`(${names}${isSet})${value}`, "gi"),
    by: `$1${redactedMark}`,
  },
  { pattern: new RegExp(`((?<=[a-z0-9])Key${isSet})${value}`, "g"), by: `$1${redactedMark}` },
  {
    pattern: /(--(?:api-?key|key|token|password|secret|auth) {1,3})(?![-<])[^\s"']+/gi,
    by: `$1${redactedMark}`,
  },
  {
    pattern:
      /([?&](?:sig|signature|auth|code|session|sid|jwt|pat|x-amz-(?:signature|credential|security-token)|x-goog-signature)=)(?!\[redacted)[^&\s"'#<>]+/gi,
    by: `$1${redactedMark}`,
  },
  {
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])/gi,
    by: redactedMark,
  },
];

/** Anybody's home folder, as Linux, macOS and Windows write it; also in URIs and in JSON. */
const anyHome =
  /(?:(?<![\w.~-])\/(?:home|Users)\/|(?<![A-Za-z])\/?[A-Za-z](?::|%3A)(?:\\{1,4}|\/)Users(?:\\{1,4}|\/)|\/mnt\/[a-z]\/Users\/)[^\s\\/"'\x60:;,<>|()]{1,100}/gi;

/** Most fields of a record are one word, and no other rule can find anything in one. */
const word = /^[\w-]*$/;

/** Creates what takes secrets, home folder and user name out of text. Pure, in linear time. */
export function createRedact(facts: PrivateFacts = {}): Redact {
  const literals = literalRules(facts.secrets ?? []);
  const rules: readonly Rule[] = [
    ...literals,
    ...secretRules,
    ...homeRules(facts.userFolder ?? ""),
    { pattern: anyHome, by: "~" },
    ...userRules(facts.userName ?? ""),
  ];
  const ofWords: readonly Rule[] = [...literals, knownTokens];
  return (given) => {
    const blocks = withoutPrivateKeys(given);
    let { text, count } = blocks;
    for (const { pattern, by } of word.test(given) ? ofWords : rules) {
      text = text.replace(pattern, (_match, ...groups: unknown[]) => {
        count += 1;
        const kept = groups[0];
        return typeof kept === "string" ? by.replace("$1", () => kept) : by;
      });
    }
    return { text, count };
  };
}

/** By hand: a pattern would look for each block's end again and again. */
function withoutPrivateKeys(text: string): Redacted {
  const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  const parts: string[] = [];
  let from = 0;
  let count = 0;
  let nextEnd = 0;
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    const start = begin.lastIndex;
    while (nextEnd < start) nextEnd = end.exec(text) === null ? Infinity : end.lastIndex;
    const to = nextEnd - start <= longestKey ? nextEnd : cutOffEnd(text, start);
    parts.push(text.slice(from, found.index), redactedMark);
    from = to;
    begin.lastIndex = to;
    count += 1;
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), count };
}

/** Where a block ends whose last line is missing. */
function cutOffEnd(text: string, start: number): number {
  const body = /[A-Za-z0-9+/=\s\\]*/y;
  body.lastIndex = start;
  body.exec(text);
  return body.lastIndex;
}

function literalRules(secrets: readonly string[]): Rule[] {
  const wanted = [...new Set(secrets)].filter((secret) => secret.length >= shortestSecret);
  if (wanted.length === 0) return [];
  // The longer one first, where one begins with another.
  const longestFirst = wanted.sort((a, b) => b.length - a.length).map(escape);
  return [{ pattern: new RegExp(longestFirst.join("|"), "g"), by: redactedMark }];
}

function homeRules(userFolder: string): Rule[] {
  const parts = userFolder.split(/[\\/]/).filter((part) => part !== "");
  if (parts.length === 0) return [];
  const [first = ""] = parts;
  const drive = /^[A-Za-z]:$/.test(first);
  const path = (drive ? parts.slice(1) : parts).map(escape).join(String.raw`(?:\\{1,4}|/)`);
  const start = drive
    ? String.raw`/?${first.charAt(0)}(?::|%3A)(?:\\{1,4}|/)`
    : String.raw`(?<![\w.~-])/`;
  return [{ pattern: new RegExp(`${start}${path}(?![\\w-])`, drive ? "gi" : "g"), by: "~" }];
}

/** The user's name as a part of a path, such as in `/tmp/vscode-ann/`. */
function userRules(userName: string): Rule[] {
  if (userName.length < 2 || impersonal.has(userName.toLowerCase())) return [];
  const name = escape(userName);
  const inPath = String.raw`${name}(?<=[\\/](?:[\w.@+-]{0,60}[_.@+-])?${name})(?![A-Za-z0-9])`;
  return [{ pattern: new RegExp(inPath, "gi"), by: "[user]" }];
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
