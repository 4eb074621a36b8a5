import type { EndpointKind } from "../../../protocol/endpoints.ts";
import type { ChatMessage } from "../../../protocol/host.ts";

/** A conversation as a server takes it. */
export interface Conversation {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** What else the server has to be told so that it goes on from the beginning of the answer. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Whether a server goes on with an answer whose beginning it is given. */
export function continuesAnswers(kind: EndpointKind): boolean {
  return kind === "llama-server" || kind === "vllm";
}

/**
 * Puts a question together. Where the server cannot go on with a beginning, the question asks for it.
 * @param prefix how the answer begins; may be empty
 */
export function conversationOf(
  kind: EndpointKind,
  question: readonly ChatMessage[],
  prefix: string,
  markers: readonly string[],
): Conversation {
  const messages: { role: string; content: string }[] = question.map(({ role, text }) => ({
    role: role,
    content: withoutMarkers(text, markers),
  }));
  // An answer within a grammar leaves no room to think aloud, and its beginning none before it.
  const thinking = continuesAnswers(kind)
    ? { chat_template_kwargs: { enable_thinking: false } }
    : {};
  if (prefix === "") return { messages, options: thinking };
  if (continuesAnswers(kind)) {
    messages.push({ role: "assistant", content: prefix });
    const goOn = { add_generation_prompt: false, continue_final_message: true };
    return { messages, options: { ...thinking, ...(kind === "vllm" ? goOn : {}) } };
  }
  const last = messages.pop();
  if (last !== undefined) {
    const content = `${last.content}\n\nBegin your answer with exactly this and go on from there:\n${prefix}`;
    messages.push({ ...last, content });
  }
  return { messages, options: {} };
}

/** Marks of the templates that models are trained on, in any vocabulary. */
const templateMarker =
  /<(?=\|[^|<>\s]{1,40}\|>|｜[^｜<>]{1,40}｜>|\/?s>|(?:start|end)_of_turn>)|\[(?=\/?INST\]|\/?SYS\])/g;

/**
 * Text in which nothing is a special token: servers read those in messages, where the text would
 * steer the model. A space behind the first bracket of each takes that from it.
 * @param markers special tokens of the model
 */
export function withoutMarkers(text: string, markers: readonly string[]): string {
  let plain = text.replace(templateMarker, "$& ");
  for (const marker of markers) {
    if (plain.includes(marker))
      plain = plain.replaceAll(marker, `${marker.charAt(0)} ${marker.slice(1)}`);
  }
  return plain;
}
