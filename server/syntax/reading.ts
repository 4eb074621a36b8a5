/** Half-open range of UTF-16 code units in the text that was read. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What an identifier does where it stands. `use`: its value is read; `write`: it is assigned to;
 * `call`: it is called; the others do not stand for a value in scope.
 */
export type NameRole =
  "use" | "call" | "write" | "declaration" | "parameter" | "property" | "key" | "type" | "other";

export interface Name extends Span {
  readonly text: string;
  readonly role: NameRole;
}

/** A function, method or class member with a body; what is reviewed in one piece. */
export interface Unit extends Span {
  readonly kind: "function" | "method" | "class" | "field";
  /** Empty where it has none. */
  readonly name: string;
  /** From the body's first character to its last, brackets included; empty where there is no body. */
  readonly body: Span;
  readonly isAsync: boolean;
  /** Index in `units` of the unit around it; -1: none. */
  readonly parent: number;
}

/** A name declared at the top of the file or of a class, with what says how it is used. */
export interface Declaration extends Span {
  readonly name: string;
  /** From its first character up to its body, or all of it where it is short. */
  readonly header: Span;
}

/** Where names are visible. The first is the file's. */
export interface Scope extends Span {
  /** Code in a `function` runs later: it sees all names around it, wherever they are declared. */
  readonly kind: "file" | "function" | "block" | "class";
  /** Index in `scopes`; -1 for the file's. */
  readonly parent: number;
  readonly names: readonly {
    readonly text: string;
    /** Offset of the declaration; `hoisted` names are visible before it. */
    readonly at: number;
    readonly hoisted: boolean;
    readonly kind: "parameter" | "variable" | "constant" | "function" | "class" | "import";
  }[];
}

/** An operator between or before operands, by its own token; `is not` and `not in` are one. */
export interface Operator extends Span {
  readonly text: string;
  readonly kind:
    "comparison" | "logical" | "arithmetic" | "bitwise" | "not" | "assignment" | "update";
  /** Absent before a prefix operator. */
  readonly left?: Span;
  readonly right?: Span;
}

export interface Literal extends Span {
  readonly text: string;
  readonly kind: "number" | "boolean" | "null" | "string";
}

export interface Call extends Span {
  /** What is called, such as `a.b`. */
  readonly callee: Span;
  /** Last name of the callee, such as `b`; empty where it has none. */
  readonly name: string;
  readonly arguments: readonly Span[];
  readonly awaited: boolean;
  /** Whether it stands alone as a statement. */
  readonly isStatement: boolean;
}

/** `object.property`. */
export interface Member extends Span {
  readonly object: Span;
  readonly property: Name;
  /** Whether it is what a call calls. */
  readonly called: boolean;
}

/** The condition of an `if`, `while`, `for`, ternary or match guard, without its brackets. */
export interface Condition extends Span {
  readonly of: "if" | "while" | "for" | "ternary" | "guard";
}

/** A statement that is only an expression. */
export interface ExpressionStatement extends Span {
  readonly expression: Span;
  /** Index in `units` of the unit around it; -1: none. */
  readonly unit: number;
  /** Whether it is the last statement of its unit or of a branch (`if`, `else`, `case`, arrow body). */
  readonly isLast: boolean;
}

/**
 * What a reviewer needs to know of a text, as plain data: valid for as long as one likes, all lists in
 * the text's order. Nothing inside a syntax error is listed, nor inside strings and comments.
 */
export interface CodeReading {
  readonly units: readonly Unit[];
  readonly imports: readonly Span[];
  readonly declarations: readonly Declaration[];
  readonly names: readonly Name[];
  readonly scopes: readonly Scope[];
  readonly operators: readonly Operator[];
  readonly literals: readonly Literal[];
  readonly calls: readonly Call[];
  readonly members: readonly Member[];
  readonly conditions: readonly Condition[];
  readonly statements: readonly ExpressionStatement[];
  readonly comments: readonly Span[];
  readonly errors: readonly Span[];
}
