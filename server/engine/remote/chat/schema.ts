import type { EndpointKind } from "../../../protocol/endpoints.ts";

type Schema = Readonly<Record<string, unknown>>;

/** How a server is told to answer within a JSON schema, as a field of the request. */
export function responseFormat(kind: EndpointKind, schema: Schema): object {
  const closed = closedSchema(schema);
  if (kind === "tgi") return { response_format: { type: "json_object", value: closed } };
  // OpenAI's own service refuses bounds of strings where it is strict.
  const strict = kind !== "openai";
  const json_schema = { name: "answer", strict, schema: closed };
  return { response_format: { type: "json_schema", json_schema } };
}

/**
 * The schema with what the host takes for granted: all properties are required and there are no
 * others. `oneOf` becomes `anyOf`, which more servers know and which is the same for what differs.
 */
function closedSchema(schema: Schema): Record<string, unknown> {
  const closed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties" && isRecord(value)) {
      const names = Object.keys(value);
      closed[key] = Object.fromEntries(names.map((name) => [name, closedValue(value[name])]));
      closed.required = names;
      closed.additionalProperties = false;
    } else if (key === "oneOf") closed.anyOf = closedValue(value);
    else if (key === "enum" || key === "const") closed[key] = value;
    else closed[key] = closedValue(value);
  }
  return closed;
}

function closedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closedValue);
  return isRecord(value) ? closedSchema(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
