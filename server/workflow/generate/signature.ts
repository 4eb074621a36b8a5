/** How the code is to begin, as far as a task tells. */
export interface Signature {
  /** Absent where only the kind is known. */
  readonly name?: string;
  /** The beginning of the declaration. */
  readonly head: string;
  /** Whether the head is whole up to its body, which comes next. */
  readonly isOpened: boolean;
}

interface Grammar {
  /** Declarations in the language's own form, without what opens their body. */
  readonly declaration: RegExp;
  readonly opener: string;
  readonly functionHead?: string;
  readonly classHead?: string;
}

const name = "[\\p{L}_$][\\p{L}\\p{N}_$]*";
const script: Grammar = {
  declaration: new RegExp(
    `^(?:export\\s+)?(?:default\\s+)?(?:abstract\\s+)?(?:(?:async\\s+)?function\\s*\\*?\\s*${name}\\s*(?:<[^()]*>)?\\(.*\\)(?:\\s*:\\s*[^{}]+)?|class\\s+${name}[^{}]*)$`,
    "u",
  ),
  opener: " {",
  functionHead: "function ",
  classHead: "class ",
};
const typed: Grammar = {
  declaration: new RegExp(
    `^(?:[\\p{L}_][\\p{L}\\p{N}_<>\\[\\],:*&?. ]*[ *&>\\]])${name}\\s*\\([^{}]*\\)[^{};]*$`,
    "u",
  ),
  opener: " {",
};
const grammars: Readonly<Record<string, Grammar>> = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  python: {
    declaration: new RegExp(
      `^(?:(?:async\\s+)?def\\s+${name}\\s*\\(.*\\)(?:\\s*->\\s*[^:]+)?|class\\s+${name}(?:\\(.*\\))?)$`,
      "u",
    ),
    opener: ":",
    functionHead: "def ",
    classHead: "class ",
  },
  go: {
    declaration: new RegExp(`^func\\s+(?:\\([^)]*\\)\\s*)?${name}\\s*(?:\\[.*\\])?\\(.*$`, "u"),
    opener: " {",
    functionHead: "func ",
  },
  rust: {
    declaration: new RegExp(`^(?:pub\\s+)?(?:async\\s+)?fn\\s+${name}\\s*(?:<.*>)?\\(.*$`, "u"),
    opener: " {",
    functionHead: "pub fn ",
  },
  ruby: {
    declaration: new RegExp(`^(?:def|class|module)\\s+${name}.*$`, "u"),
    opener: "",
    functionHead: "def ",
    classHead: "class ",
  },
  php: {
    declaration: new RegExp(`^function\\s+${name}\\s*\\(.*\\)(?:\\s*:\\s*\\??\\w+)?$`, "u"),
    opener: " {",
    functionHead: "function ",
    classHead: "class ",
  },
  java: typed,
  c: typed,
  cpp: typed,
  csharp: typed,
};

const identifier = new RegExp(`^${name}$`, "u");
const called = new RegExp(
  `\\b(function|method|def|class)\\s+(?:(?:called|named)\\s+)?[\`'"]?(${name})[\`'"]?`,
  "giu",
);
const imported = new RegExp(
  `(?:import\\s*\\{\\s*(${name})[^}]*\\}\\s*from\\s*['"]\\.|from\\s+\\.?\\w[\\w.]*\\s+import\\s+(${name}))`,
  "u",
);

/**
 * How a declaration begins that a task names: in the language's own form, as a call, or by name;
 * undefined where it names none, or in a language whose declarations are not known.
 * @param isExported declarations of script languages are exported
 */
export function signatureOf(
  task: string,
  languageId: string,
  options: {
    readonly tests?: string | undefined;
    readonly isExported?: boolean;
    /** Take a function where the task names nothing. */
    readonly isFunction?: boolean;
  } = {},
): Signature | undefined {
  const grammar = Object.hasOwn(grammars, languageId) ? grammars[languageId] : undefined;
  if (grammar === undefined) return undefined;
  const isScript = grammar === script;
  const start = isScript && options.isExported === true ? "export " : "";
  for (const piece of piecesOf(task)) {
    const found = declared(piece, grammar, start);
    if (found !== undefined) return found;
  }
  const { functionHead, classHead } = grammar;
  for (const span of spansOf(task)) {
    const own = asCall(span);
    if (own !== undefined && functionHead !== undefined) {
      return callHead(own, languageId, start + functionHead, grammar.opener);
    }
  }
  for (const [, kind = "", word = ""] of task.matchAll(called)) {
    const head = /class/i.test(kind) ? classHead : functionHead;
    const isName = kind.toLowerCase() === "class" ? /^\p{Lu}/u.test(word) : looksLikeName(word);
    const isMarked = ["`", "'", '"'].some((mark) => task.includes(mark + word + mark));
    const isCalled = task.includes(`${word}(`);
    if (head === undefined || !(isName || isMarked || isCalled)) continue;
    return named(word, start + head, head === classHead);
  }
  const [, first, second] = imported.exec(options.tests ?? "") ?? [];
  const tested = first ?? second;
  if (tested !== undefined) {
    const isClass = /^\p{Lu}\p{Ll}/u.test(tested);
    const head = isClass ? classHead : functionHead;
    if (head !== undefined) return named(tested, start + head, isClass);
  }
  if (/\bclass\b/i.test(task) && classHead !== undefined) {
    return { head: start + classHead, isOpened: false };
  }
  const isFunction = options.isFunction === true || /\b(?:function|method)\b/i.test(task);
  if (isFunction && functionHead !== undefined) {
    return { head: start + functionHead, isOpened: false };
  }
  return undefined;
}

/** What may be a declaration: what stands between backticks, and whole lines. */
function piecesOf(task: string): string[] {
  return [...spansOf(task), ...task.split("\n")].map((piece) =>
    piece.trim().replace(/\s*(?:\{\s*\}?|:|;)$/, ""),
  );
}

function spansOf(task: string): string[] {
  return [...task.matchAll(/`+([^`\n]+)`+/g)].map((match) => match[1] ?? "");
}

function declared(piece: string, { declaration, opener }: Grammar, start: string) {
  if (piece.length > 400 || !declaration.test(piece)) return undefined;
  const head = /^export\b/.test(piece) ? piece : start + piece;
  const found = nameIn(piece);
  return { ...(found === undefined ? {} : { name: found }), head: head + opener, isOpened: true };
}

function nameIn(piece: string): string | undefined {
  const [, own] =
    new RegExp(
      `(?:function\\s*\\*?|class|def|func(?:\\s*\\([^)]*\\))?|fn|module)\\s+(${name})`,
      "u",
    ).exec(piece) ??
    new RegExp(`(${name})\\s*\\(`, "u").exec(piece) ??
    [];
  return own;
}

interface Call {
  readonly name: string;
  readonly parameters: string;
  readonly result: string | undefined;
}

function asCall(span: string): Call | undefined {
  const [, own, parameters = "", result] =
    new RegExp(`^(${name})\\(([^()]*)\\)\\s*(?:(?::|->|=>)\\s*(.+))?$`, "u").exec(span.trim()) ??
    [];
  if (own === undefined) return undefined;
  return { name: own, parameters: parameters.trim(), result: result?.trim() };
}

/** Parameters as the task has them, where they are the language's own; else the model writes them. */
function callHead(call: Call, languageId: string, head: string, opener: string): Signature {
  const { parameters, result } = call;
  const isTypeScript = languageId.startsWith("typescript");
  const isTyped = parameters === "" || parameters.includes(":");
  const areNames = parameters === "" || parameters.split(",").every((each) => isParameter(each));
  const needsTypes = isTypeScript || ["go", "rust", "php"].includes(languageId);
  if (!areNames || (needsTypes && !(isTypeScript && isTyped))) {
    return { name: call.name, head: `${head}${call.name}(`, isOpened: false };
  }
  if (languageId === "python") {
    const arrow = result === undefined ? "" : ` -> ${result}`;
    return { name: call.name, head: `${head}${call.name}(${parameters})${arrow}:`, isOpened: true };
  }
  if (isTypeScript && result === undefined) {
    return { name: call.name, head: `${head}${call.name}(${parameters})`, isOpened: false };
  }
  const type = isTypeScript ? `: ${result ?? "void"}` : "";
  const whole = `${head}${call.name}(${parameters})${type}${opener}`;
  return { name: call.name, head: whole, isOpened: true };
}

function isParameter(text: string): boolean {
  const [own = ""] = text.split(/[:=]/);
  return identifier.test(
    own
      .trim()
      .replace(/^(?:\.\.\.|\*{1,2})/, "")
      .replace(/\?$/, ""),
  );
}

function named(word: string, head: string, isClass: boolean): Signature {
  return { name: word, head: `${head}${word}${isClass ? "" : "("}`, isOpened: false };
}

/** Words of the task are not names: these have a capital or an underscore inside, or a digit. */
function looksLikeName(word: string): boolean {
  return /\p{Ll}\p{Lu}|_|\d/u.test(word);
}
