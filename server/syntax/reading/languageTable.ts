import type { Condition, Literal, NameRole, Scope, Unit } from "../reading.ts";
import type { PlainNode } from "./plainTree.ts";

/** What a name at some place declares. */
export interface Binding {
  /** `assignment`: declares where its scope does not know the name yet, else it writes. */
  readonly role: "declaration" | "parameter" | "assignment";
  readonly kind: Scope["names"][number]["kind"];
  readonly hoisted: boolean;
  /** `here`: the innermost scope; `around`: the one around that; `function`: the function's or file's. */
  readonly scope: "here" | "around" | "function";
}

/**
 * What a name is by where it stands. `inherit`: what its parent is, as in destructuring patterns; `outer`: says
 * that the scope's name of this text is one of a scope around it (`global`).
 */
export type Place =
  NameRole | Binding | "inherit" | "outer" | ((at: PlainNode, name: string) => Place);

/** The parts of a unit or declaration. */
export interface Parts {
  readonly kind: Unit["kind"];
  readonly name: PlainNode | undefined;
  /** All of it, such as the statement that holds a function; wrappers are added to it. */
  readonly whole: PlainNode;
  /** The function itself, which says whether it is `async`. */
  readonly code: PlainNode;
  readonly body: PlainNode | undefined;
}

export type PartsOf = (node: PlainNode) => Parts | undefined;

/** Fields, joined where the callee is spread over several (`object` and `name`). */
export interface CallShape {
  readonly callee: readonly string[];
  readonly arguments: string;
}

export interface MemberShape {
  readonly object: string;
  readonly property: string;
}

export interface ConditionShape {
  readonly of: Condition["of"];
  /** A field, the place among the named children, or how to find it. */
  readonly at: string | number | ((node: PlainNode) => PlainNode | undefined);
}

type ByType<T> = Readonly<Record<string, T>>;

/** What the node types of a language are: all that the collectors know of it. */
export interface LanguageTable {
  /** Node types that are names → their role where `places` says nothing. */
  readonly names: ByType<NameRole>;
  /** `parent.field`, else `parent`, else `.field` → what a name there is. */
  readonly places: ByType<Place>;
  /** Nodes that hold types: names within are types. */
  readonly types: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  /** Other nodes that may be imports, such as `const a = require("a")`. */
  readonly isImport?: ByType<(node: PlainNode, text: string) => boolean>;
  /** Node type, or `parent.field`, → the scope it opens. */
  readonly scopes: ByType<"function" | "block" | "class">;
  /** Whether functions in a class do not see the class's names without `self`. */
  readonly closedClasses: boolean;
  readonly units: ByType<PartsOf>;
  /** Declarations that are no units. */
  readonly declarations: ByType<PartsOf>;
  /** Nodes around a declaration that belong to it, such as `export`. */
  readonly wrappers: ReadonlySet<string>;
  /** Nodes whose children are statements or members. */
  readonly blocks: ReadonlySet<string>;
  /** Nodes with operator tokens between or before their operands. */
  readonly operators: ReadonlySet<string>;
  readonly literals: ByType<Literal["kind"]>;
  readonly calls: ByType<CallShape>;
  readonly members: ByType<MemberShape>;
  readonly conditions: ByType<ConditionShape>;
  readonly parentheses: ReadonlySet<string>;
  readonly awaits: ReadonlySet<string>;
  /** Empty where expressions stand in blocks as they are. */
  readonly expressionStatements: ReadonlySet<string>;
  /** Nodes one of whose blocks is run or not: functions, `if`, `else`, `case`, `catch`. */
  readonly branches: ReadonlySet<string>;
}
