import { declares, parameter } from "./bindings.ts";
import type { LanguageTable, Place } from "./languageTable.ts";
import { declaration, unit, unitWithBody } from "./parts.ts";
import { child, namedChildren, type PlainNode } from "./plainTree.ts";

/** By what holds the declarator: a field, a parameter of any number, or a statement. */
function variable(at: PlainNode): Place {
  const holder = at.parent?.parent?.type;
  if (holder === "spread_parameter") return parameter;
  return declares("variable", "here", holder === "field_declaration");
}

/** Only the last name of an import is visible. */
function scopedName(at: PlainNode): Place {
  const holder = at.parent?.parent?.type;
  return holder === "import_declaration" ? declares("import", "function", true) : "other";
}

/** Components of a record are no local names. */
function formalParameter(at: PlainNode): Place {
  return at.parent?.parent?.parent?.type === "record_declaration" ? "parameter" : parameter;
}

/** Java. */
export const java: LanguageTable = {
  names: { identifier: "use", type_identifier: "type" },
  places: {
    "method_invocation.name": (at) =>
      child(at.parent, "object") === undefined ? "call" : "property",
    "field_access.field": "property",
    method_reference: (at) => (at.position === 0 ? "use" : "property"),
    "scoped_identifier.scope": "other",
    "scoped_identifier.name": scopedName,
    package_declaration: "other",
    import_declaration: declares("import", "function", true),
    "variable_declarator.name": variable,
    "formal_parameter.name": formalParameter,
    "catch_formal_parameter.name": declares("variable"),
    "enhanced_for_statement.name": declares("variable"),
    "resource.name": declares("variable"),
    "instanceof_expression.name": declares("variable"),
    inferred_parameters: parameter,
    "lambda_expression.parameters": parameter,
    "method_declaration.name": declares("function", "around", true),
    "constructor_declaration.name": "declaration",
    "class_declaration.name": declares("class", "here", true),
    "interface_declaration.name": "declaration",
    "annotation_type_declaration.name": "declaration",
    "enum_declaration.name": declares("class", "here", true),
    "record_declaration.name": declares("class", "here", true),
    "enum_constant.name": declares("constant", "here", true),
    "annotation.name": "type",
    "marker_annotation.name": "type",
    "element_value_pair.key": "key",
    "assignment_expression.left": "write",
    update_expression: "write",
    labeled_statement: "other",
    break_statement: "other",
    continue_statement: "other",
  },
  types: new Set(["type_arguments", "type_parameters", "generic_type", "scoped_type_identifier"]),
  imports: new Set(["import_declaration"]),
  scopes: {
    method_declaration: "function",
    constructor_declaration: "function",
    compact_constructor_declaration: "function",
    lambda_expression: "function",
    class_body: "class",
    interface_body: "class",
    enum_body: "class",
    block: "block",
    constructor_body: "block",
    for_statement: "block",
    enhanced_for_statement: "block",
    catch_clause: "block",
    try_with_resources_statement: "block",
    switch_block: "block",
  },
  closedClasses: false,
  units: {
    method_declaration: unitWithBody("method"),
    constructor_declaration: unitWithBody("method"),
    class_declaration: unit("class"),
    interface_declaration: unit("class"),
    enum_declaration: unit("class"),
    record_declaration: unit("class"),
    field_declaration: (node) => {
      const parts = declaration()(node);
      const name = child(child(node, "declarator"), "name");
      return parts === undefined ? undefined : { ...parts, name };
    },
  },
  declarations: { method_declaration: declaration() },
  wrappers: new Set(),
  blocks: new Set([
    ...["program", "block", "constructor_body", "class_body", "interface_body", "enum_body"],
    ...["enum_body_declarations", "switch_block", "switch_block_statement_group"],
  ]),
  operators: new Set([
    ...["binary_expression", "unary_expression", "update_expression", "assignment_expression"],
    "instanceof_expression",
  ]),
  literals: {
    decimal_integer_literal: "number",
    hex_integer_literal: "number",
    octal_integer_literal: "number",
    binary_integer_literal: "number",
    decimal_floating_point_literal: "number",
    hex_floating_point_literal: "number",
    true: "boolean",
    false: "boolean",
    null_literal: "null",
    string_literal: "string",
    character_literal: "string",
  },
  calls: {
    method_invocation: { callee: ["object", "name"], arguments: "arguments" },
    object_creation_expression: { callee: ["type"], arguments: "arguments" },
  },
  members: {
    field_access: { object: "object", property: "field" },
    method_invocation: { object: "object", property: "name" },
  },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    while_statement: { of: "while", at: "condition" },
    do_statement: { of: "while", at: "condition" },
    for_statement: { of: "for", at: "condition" },
    ternary_expression: { of: "ternary", at: "condition" },
    guard: { of: "guard", at: (node) => namedChildren(node).at(-1) },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["method_declaration", "constructor_declaration", "lambda_expression", "if_statement"],
    ...["switch_block_statement_group", "switch_rule", "try_statement", "catch_clause"],
    ...["try_with_resources_statement", "finally_clause"],
  ]),
};
