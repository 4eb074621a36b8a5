import { declares, parameter } from "./bindings.ts";
import type { LanguageTable, Place } from "./languageTable.ts";
import { declaration, unit, unitWithBody } from "./parts.ts";
import { child, type PlainNode } from "./plainTree.ts";

const startsUpper = (name: string): boolean => /^\p{Lu}/u.test(name);

/** By convention a lower-case name in a pattern is new, an upper-case one is a constant or variant. */
function pattern(_at: PlainNode, name: string): Place {
  return startsUpper(name) ? "use" : declares("variable");
}

/** Types are no values; which import is one its case says. */
function imported(_at: PlainNode, name: string): Place {
  return startsUpper(name) ? "declaration" : declares("import", "function", true);
}

function scopedName(at: PlainNode): Place {
  const holder = at.parent?.parent?.type ?? "";
  if (holder === "scoped_use_list") return "other";
  return holder === "use_declaration" || holder === "use_list" ? imported : "property";
}

/** What a macro is given is a list of tokens: what stands beside a name tells what it is. */
function token(at: PlainNode): Place {
  const siblings = at.parent?.children ?? [];
  const before = siblings[at.position - 1]?.type ?? "";
  const after = siblings[at.position + 1]?.type ?? "";
  if (before === ".") return "property";
  if ([before, after].some((type) => /^(::|:|=>|=|!|#|\$|let|fn)$/.test(type))) return "other";
  return after === "token_tree" ? "call" : "use";
}

/** `let` in a condition is a pattern, which is neither true nor false. */
function condition(node: PlainNode): PlainNode | undefined {
  const found = child(node, "condition");
  return found?.type.startsWith("let_") === true ? undefined : found;
}

/** Rust. */
export const rust: LanguageTable = {
  names: {
    identifier: "use",
    field_identifier: "property",
    shorthand_field_identifier: "use",
    type_identifier: "type",
  },
  places: {
    "call_expression.function": "call",
    "generic_function.function": "inherit",
    "scoped_identifier.path": "other",
    "scoped_identifier.name": scopedName,
    "use_as_clause.path": "key",
    "use_as_clause.alias": imported,
    use_list: imported,
    "use_declaration.argument": imported,
    use_wildcard: "other",
    "scoped_use_list.path": "other",
    "let_declaration.pattern": pattern,
    "let_condition.pattern": pattern,
    "for_expression.pattern": pattern,
    "match_arm.pattern": pattern,
    "match_pattern.condition": "use",
    match_pattern: "inherit",
    tuple_pattern: "inherit",
    "tuple_struct_pattern.type": "other",
    tuple_struct_pattern: "inherit",
    slice_pattern: "inherit",
    ref_pattern: "inherit",
    mut_pattern: "inherit",
    reference_pattern: "inherit",
    or_pattern: "inherit",
    captured_pattern: "inherit",
    "field_pattern.name": (at) => (at.type === "shorthand_field_identifier" ? "inherit" : "key"),
    "field_pattern.pattern": "inherit",
    "struct_pattern.type": "type",
    struct_pattern: "inherit",
    "parameter.pattern": (at) => (hasBody(at) ? parameter : "parameter"),
    closure_parameters: parameter,
    "function_item.name": declares("function", "around", true),
    "function_signature_item.name": "declaration",
    "const_item.name": declares("constant", "here", true),
    "static_item.name": declares("constant", "here", true),
    "struct_item.name": "declaration",
    "enum_item.name": "declaration",
    "trait_item.name": "declaration",
    "type_item.name": "declaration",
    "enum_variant.name": "declaration",
    "field_declaration.name": "declaration",
    "mod_item.name": "other",
    "macro_invocation.macro": "other",
    macro_definition: "other",
    token_tree: token,
    "field_initializer.field": "key",
    "assignment_expression.left": "write",
    "compound_assignment_expr.left": "write",
    label: "other",
    lifetime: "other",
  },
  types: new Set(["attribute_item", "inner_attribute_item", "type_arguments", "type_parameters"]),
  imports: new Set(["use_declaration"]),
  scopes: {
    function_item: "function",
    closure_expression: "function",
    "impl_item.body": "class",
    "trait_item.body": "class",
    "mod_item.body": "block",
    block: "block",
    if_expression: "block",
    while_expression: "block",
    for_expression: "block",
    match_arm: "block",
  },
  closedClasses: true,
  units: {
    function_item: (node) => {
      const around = node.parent?.parent?.type ?? "";
      return unitWithBody(/^(impl|trait)_item$/.test(around) ? "method" : "function")(node);
    },
    impl_item: unit("class", "type"),
    trait_item: unit("class"),
  },
  declarations: {
    struct_item: declaration(),
    enum_item: declaration(),
    type_item: declaration(),
    const_item: declaration(),
    static_item: declaration(),
    function_signature_item: declaration(),
  },
  wrappers: new Set(),
  blocks: new Set(["source_file", "block", "declaration_list", "match_block"]),
  operators: new Set(["binary_expression", "unary_expression", "compound_assignment_expr"]),
  literals: {
    integer_literal: "number",
    float_literal: "number",
    boolean_literal: "boolean",
    string_literal: "string",
    raw_string_literal: "string",
    char_literal: "string",
  },
  calls: { call_expression: { callee: ["function"], arguments: "arguments" } },
  members: { field_expression: { object: "value", property: "field" } },
  conditions: {
    if_expression: { of: "if", at: condition },
    while_expression: { of: "while", at: condition },
    match_pattern: { of: "guard", at: "condition" },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(["await_expression"]),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["function_item", "closure_expression", "if_expression", "else_clause", "match_arm"],
  ]),
};

/** A parameter of a function without a body is visible nowhere. */
function hasBody(at: PlainNode): boolean {
  return at.parent?.parent?.parent?.children.some(({ field }) => field === "body") === true;
}
