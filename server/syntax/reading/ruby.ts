import { assigned, declares, parameter } from "./bindings.ts";
import type { LanguageTable, Place } from "./languageTable.ts";
import { unit } from "./parts.ts";
import { child, type PlainNode } from "./plainTree.ts";

/** What a target of an assignment is: names in capitals are constants. */
function target(at: PlainNode): Place {
  return at.type === "constant" ? declares("constant", "function", true) : assigned();
}

function inClass(node: PlainNode): boolean {
  return /^(class|module|singleton_class)$/.test(node.parent?.parent?.type ?? "");
}

/** Ruby. A lone name that is no local variable is a call; both are uses. */
export const ruby: LanguageTable = {
  names: { identifier: "use", constant: "use", hash_key_symbol: "key" },
  places: {
    "call.method": (at) => (child(at.parent, "receiver") === undefined ? "call" : "property"),
    "scope_resolution.name": "property",
    "assignment.left": target,
    "operator_assignment.left": "write",
    left_assignment_list: "inherit",
    rest_assignment: "inherit",
    destructured_left_assignment: "inherit",
    method_parameters: parameter,
    block_parameters: parameter,
    lambda_parameters: parameter,
    destructured_parameter: parameter,
    "optional_parameter.name": parameter,
    "splat_parameter.name": parameter,
    "keyword_parameter.name": parameter,
    "hash_splat_parameter.name": parameter,
    "block_parameter.name": parameter,
    "method.name": declares("function", "around", true),
    "singleton_method.name": "declaration",
    "class.name": declares("class", "here", true),
    "module.name": declares("class", "here", true),
    exception_variable: assigned(),
    "for.pattern": target,
    "match_pattern.pattern": target,
    alias: "other",
    undef: "other",
  },
  types: new Set(),
  imports: new Set(),
  isImport: {
    call: (node, text) =>
      node.parent?.parent === undefined &&
      /^(?:require|require_relative|load)\b/.test(text.slice(node.start, node.end)),
  },
  scopes: {
    method: "function",
    singleton_method: "function",
    lambda: "function",
    do_block: "block",
    block: "block",
    "class.body": "class",
    "module.body": "class",
  },
  closedClasses: false,
  units: {
    method: (node) => unit(inClass(node) ? "method" : "function")(node),
    singleton_method: unit("method"),
    class: unit("class"),
    module: unit("class"),
  },
  declarations: {
    assignment: (node) =>
      child(node, "left")?.type === "constant" ? unit("field", "left")(node) : undefined,
  },
  wrappers: new Set(),
  blocks: new Set([
    ...["program", "body_statement", "block_body", "then", "else", "do", "begin", "ensure"],
  ]),
  operators: new Set(["binary", "unary", "operator_assignment"]),
  literals: {
    integer: "number",
    float: "number",
    true: "boolean",
    false: "boolean",
    nil: "null",
    string: "string",
  },
  calls: { call: { callee: ["receiver", "method"], arguments: "arguments" } },
  members: { call: { object: "receiver", property: "method" } },
  conditions: {
    if: { of: "if", at: "condition" },
    unless: { of: "if", at: "condition" },
    elsif: { of: "if", at: "condition" },
    if_modifier: { of: "if", at: "condition" },
    unless_modifier: { of: "if", at: "condition" },
    while: { of: "while", at: "condition" },
    until: { of: "while", at: "condition" },
    while_modifier: { of: "while", at: "condition" },
    until_modifier: { of: "while", at: "condition" },
    conditional: { of: "ternary", at: "condition" },
    if_guard: { of: "guard", at: "condition" },
    unless_guard: { of: "guard", at: "condition" },
  },
  parentheses: new Set(["parenthesized_statements"]),
  awaits: new Set(),
  expressionStatements: new Set(),
  branches: new Set(),
};
