import type { Unit } from "../reading.ts";
import type { Parts, PartsOf } from "./languageTable.ts";
import { child, namedChildren, type PlainNode } from "./plainTree.ts";

/** Parts of a node whose name and body are fields. */
export function unit(kind: Unit["kind"], name = "name", body = "body"): PartsOf {
  return (node) => ({
    kind,
    name: child(node, name),
    whole: node,
    code: node,
    body: child(node, body),
  });
}

/** The same where there is a body; without one it is only declared. */
export function unitWithBody(kind: Unit["kind"], name = "name", body = "body"): PartsOf {
  const parts = unit(kind, name, body);
  return (node) => (child(node, body) === undefined ? undefined : parts(node));
}

/** The same where there is no body. */
export function declaration(name = "name", body = "body"): PartsOf {
  const parts = unit("field", name, body);
  return (node) => parts(node);
}

/** The node around it when it holds nothing else of its kind, such as the only declarator of a `const`. */
export function soleOf(node: PlainNode, around: ReadonlySet<string>): PlainNode {
  const { parent } = node;
  if (parent === undefined || !around.has(parent.type)) return node;
  return namedChildren(parent).filter(({ type }) => type === node.type).length === 1
    ? parent
    : node;
}

/** Parts of a member whose value is a function. */
export function functionField(
  name: string,
  value: string,
  functions: ReadonlySet<string>,
): PartsOf {
  return (node): Parts => {
    const code = child(node, value);
    const isFunction = code !== undefined && functions.has(code.type);
    return {
      kind: "field",
      name: child(node, name),
      whole: node,
      code: isFunction ? code : node,
      body: isFunction ? child(code, "body") : undefined,
    };
  };
}
