import { declares, parameter } from "./bindings.ts";
import type { LanguageTable, Parts, Place } from "./languageTable.ts";
import { declaration, unitWithBody } from "./parts.ts";
import { child, type PlainNode } from "./plainTree.ts";

/** Parameters are names of a function that has a body; those of prototypes and templates are visible nowhere. */
function parameterOf(at: PlainNode): Place {
  const list = at.parent?.parent;
  if (list?.parent?.type === "catch_clause") return declares("variable");
  for (let node = list?.parent; node !== undefined; node = node.parent) {
    if (node.type === "function_definition" || node.type === "lambda_expression") return parameter;
    if (!node.type.endsWith("declarator")) break;
  }
  return "parameter";
}

/** `a::b` as what is declared, or as what is used. */
function qualifiedName(at: PlainNode): Place {
  for (let node = at.parent; node !== undefined; node = node.parent) {
    if (node.type === "function_definition") return "declaration";
    if (!/declarator$|^qualified_identifier$/.test(node.type)) break;
  }
  return "property";
}

/** The name within pointers, arrays and parameter lists. */
function declaredName(node: PlainNode): PlainNode | undefined {
  let name = child(node, "declarator");
  for (let inner = name; inner !== undefined;) {
    name = inner;
    inner =
      child(inner, "declarator") ??
      (inner.type.startsWith("qualified") ? child(inner, "name") : undefined);
  }
  return name;
}

function functionParts(node: PlainNode): Parts | undefined {
  const body = child(node, "body");
  if (body === undefined) return undefined;
  const name = declaredName(node);
  const isMember =
    node.parent?.type === "field_declaration_list" || name?.parent?.type.startsWith("qualified");
  return { kind: isMember === true ? "method" : "function", name, whole: node, code: node, body };
}

function declared(node: PlainNode): Parts {
  return { kind: "field", name: declaredName(node), whole: node, code: node, body: undefined };
}

/** C++ and C, whose node types are a part of C++'s. */
export const cpp: LanguageTable = {
  names: {
    identifier: "use",
    field_identifier: "property",
    type_identifier: "type",
    namespace_identifier: "other",
    statement_identifier: "other",
  },
  places: {
    "call_expression.function": "call",
    "template_function.name": "inherit",
    "qualified_identifier.name": qualifiedName,
    "function_definition.declarator": declares("function", "around", true),
    "declaration.declarator": declares("variable"),
    "field_declaration.declarator": declares("variable", "here", true),
    "parameter_declaration.declarator": parameterOf,
    "optional_parameter_declaration.declarator": parameterOf,
    "for_range_loop.declarator": declares("variable"),
    "init_declarator.declarator": "inherit",
    "pointer_declarator.declarator": "inherit",
    "array_declarator.declarator": "inherit",
    "function_declarator.declarator": "inherit",
    reference_declarator: "inherit",
    structured_binding_declarator: "inherit",
    parenthesized_declarator: "inherit",
    "enumerator.name": declares("constant"),
    "preproc_def.name": declares("constant", "function", true),
    "preproc_function_def.name": declares("function", "function", true),
    preproc_params: "other",
    preproc_ifdef: "other",
    preproc_defined: "other",
    using_declaration: "other",
    field_initializer: (at) => (at.type === "field_identifier" ? "key" : "use"),
    field_designator: "key",
    "assignment_expression.left": "write",
    "update_expression.argument": "write",
    attribute: "other",
  },
  types: new Set(["template_parameter_list", "base_class_clause", "type_descriptor"]),
  imports: new Set(["preproc_include", "using_declaration"]),
  scopes: {
    function_definition: "function",
    lambda_expression: "function",
    "class_specifier.body": "class",
    "struct_specifier.body": "class",
    "namespace_definition.body": "class",
    "linkage_specification.body": "class",
    compound_statement: "block",
    if_statement: "block",
    for_statement: "block",
    for_range_loop: "block",
    catch_clause: "block",
  },
  closedClasses: false,
  units: {
    function_definition: functionParts,
    class_specifier: unitWithBody("class"),
    struct_specifier: unitWithBody("class"),
  },
  declarations: {
    declaration: declared,
    field_declaration: declared,
    type_definition: declared,
    enum_specifier: declaration(),
    preproc_def: declaration(),
    preproc_function_def: declaration(),
  },
  wrappers: new Set(["template_declaration"]),
  blocks: new Set([
    ...["translation_unit", "compound_statement", "field_declaration_list", "declaration_list"],
    "case_statement",
  ]),
  operators: new Set([
    ...["binary_expression", "unary_expression", "update_expression", "assignment_expression"],
  ]),
  literals: {
    number_literal: "number",
    true: "boolean",
    false: "boolean",
    null: "null",
    string_literal: "string",
    raw_string_literal: "string",
    char_literal: "string",
  },
  calls: {
    call_expression: { callee: ["function"], arguments: "arguments" },
    new_expression: { callee: ["type"], arguments: "arguments" },
  },
  members: { field_expression: { object: "argument", property: "field" } },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    while_statement: { of: "while", at: "condition" },
    do_statement: { of: "while", at: "condition" },
    for_statement: { of: "for", at: "condition" },
    conditional_expression: { of: "ternary", at: "condition" },
  },
  parentheses: new Set(["parenthesized_expression", "condition_clause"]),
  awaits: new Set(["co_await_expression"]),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["function_definition", "lambda_expression", "if_statement", "else_clause"],
    ...["case_statement", "try_statement", "catch_clause"],
  ]),
};
