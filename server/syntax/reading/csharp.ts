import { declares, parameter } from "./bindings.ts";
import type { LanguageTable, Parts, Place } from "./languageTable.ts";
import { declaration, unit, unitWithBody } from "./parts.ts";
import { child, hasToken, namedChildren, type PlainNode } from "./plainTree.ts";

function variable(at: PlainNode): Place {
  const holder = at.parent?.parent?.parent?.type;
  return declares("variable", "here", holder === "field_declaration");
}

/** `A = 1` in an initializer names a member. */
function assignmentLeft(at: PlainNode): Place {
  return at.parent?.parent?.type === "initializer_expression" ? "key" : "write";
}

/** Components of a record are no local names. */
function parameterName(at: PlainNode): Place {
  const holder = at.parent?.parent?.parent?.type ?? "";
  return /record|delegate/.test(holder) ? "parameter" : parameter;
}

/** `a<T>()` is a call, `a.b<T>()` one of a member, and elsewhere it is a type. */
function genericName(at: PlainNode): Place {
  const { parent } = at;
  if (parent?.field === "function") return "call";
  return parent?.field === "name" && /access|binding/.test(parent.parent?.type ?? "")
    ? "property"
    : "type";
}

function updated(at: PlainNode): Place {
  const { parent } = at;
  return parent !== undefined && (hasToken(parent, "++") || hasToken(parent, "--"))
    ? "write"
    : "use";
}

function property(node: PlainNode): Parts {
  const value = child(node, "value");
  const arrow = value?.type === "arrow_expression_clause" ? value : undefined;
  return {
    kind: "field",
    name: child(node, "name"),
    whole: node,
    code: node,
    body: child(node, "accessors") ?? arrow,
  };
}

function field(node: PlainNode): Parts {
  const declarator = namedChildren(namedChildren(node).at(-1) ?? node).find(
    ({ type }) => type === "variable_declarator",
  );
  return {
    kind: "field",
    name: child(declarator, "name"),
    whole: node,
    code: node,
    body: undefined,
  };
}

/** C#. */
export const csharp: LanguageTable = {
  names: { identifier: "use", implicit_parameter: "parameter" },
  places: {
    "invocation_expression.function": "call",
    "member_access_expression.name": "property",
    "member_binding_expression.name": "property",
    generic_name: genericName,
    qualified_name: "type",
    using_directive: "other",
    "namespace_declaration.name": "other",
    "file_scoped_namespace_declaration.name": "other",
    "variable_declarator.name": variable,
    tuple_pattern: declares("variable"),
    "declaration_pattern.name": declares("variable"),
    "declaration_expression.name": declares("variable"),
    "foreach_statement.left": declares("variable"),
    "catch_declaration.name": declares("variable"),
    "from_clause.name": declares("variable"),
    "parameter.name": parameterName,
    "parameter_list.name": parameter,
    "lambda_expression.parameters": parameter,
    "argument.name": "key",
    "method_declaration.name": declares("function", "around", true),
    "local_function_statement.name": declares("function", "around", true),
    "property_declaration.name": declares("variable", "here", true),
    "constructor_declaration.name": "declaration",
    "class_declaration.name": declares("class", "here", true),
    "struct_declaration.name": declares("class", "here", true),
    "record_declaration.name": declares("class", "here", true),
    "enum_declaration.name": declares("class", "here", true),
    "interface_declaration.name": "declaration",
    "delegate_declaration.name": "declaration",
    "enum_member_declaration.name": "declaration",
    "assignment_expression.left": assignmentLeft,
    postfix_unary_expression: updated,
    prefix_unary_expression: updated,
    labeled_statement: "other",
    goto_statement: "other",
    ".type": "type",
    ".returns": "type",
    "as_expression.right": "type",
    "is_expression.right": "type",
  },
  types: new Set([
    ...["type_parameter_list", "type_parameter_constraints_clause", "base_list", "attribute_list"],
    ...["type_argument_list", "nullable_type", "array_type", "qualified_name", "tuple_type"],
  ]),
  imports: new Set(["using_directive"]),
  scopes: {
    method_declaration: "function",
    constructor_declaration: "function",
    operator_declaration: "function",
    local_function_statement: "function",
    lambda_expression: "function",
    anonymous_method_expression: "function",
    accessor_declaration: "function",
    "class_declaration.body": "class",
    "struct_declaration.body": "class",
    "record_declaration.body": "class",
    "interface_declaration.body": "class",
    "namespace_declaration.body": "class",
    block: "block",
    for_statement: "block",
    foreach_statement: "block",
    using_statement: "block",
    catch_clause: "block",
    switch_section: "block",
  },
  closedClasses: false,
  units: {
    method_declaration: unitWithBody("method"),
    constructor_declaration: unitWithBody("method"),
    operator_declaration: unitWithBody("method"),
    local_function_statement: unitWithBody("function"),
    class_declaration: unit("class"),
    struct_declaration: unit("class"),
    record_declaration: unit("class"),
    interface_declaration: unit("class"),
    property_declaration: property,
    field_declaration: field,
  },
  declarations: {
    method_declaration: declaration(),
    enum_declaration: declaration(),
    delegate_declaration: declaration(),
  },
  wrappers: new Set(),
  blocks: new Set([
    ...["compilation_unit", "declaration_list", "block", "switch_section", "switch_body"],
    "accessor_list",
  ]),
  operators: new Set([
    ...["binary_expression", "prefix_unary_expression", "postfix_unary_expression"],
    "assignment_expression",
  ]),
  literals: {
    integer_literal: "number",
    real_literal: "number",
    boolean_literal: "boolean",
    null_literal: "null",
    string_literal: "string",
    verbatim_string_literal: "string",
    raw_string_literal: "string",
    character_literal: "string",
  },
  calls: {
    invocation_expression: { callee: ["function"], arguments: "arguments" },
    object_creation_expression: { callee: ["type"], arguments: "arguments" },
  },
  members: { member_access_expression: { object: "expression", property: "name" } },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    while_statement: { of: "while", at: "condition" },
    do_statement: { of: "while", at: "condition" },
    for_statement: { of: "for", at: "condition" },
    conditional_expression: { of: "ternary", at: "condition" },
    when_clause: { of: "guard", at: 0 },
    catch_filter_clause: { of: "guard", at: 0 },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(["await_expression"]),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["method_declaration", "constructor_declaration", "local_function_statement"],
    ...["lambda_expression", "accessor_declaration", "if_statement", "switch_section"],
    ...["try_statement", "catch_clause", "finally_clause", "using_statement"],
  ]),
};
