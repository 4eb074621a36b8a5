import type * as NodeLlamaCpp from "node-llama-cpp";
import type { ChatHistoryItem, Llama, LlamaModel } from "node-llama-cpp";
import { CodedError } from "../protocol/errors.ts";
import type { ChatMessage } from "../protocol/host.ts";
import type { HostModel, Token } from "./model.ts";

type Binding = typeof NodeLlamaCpp;

/** What a loaded model needs to be asked in words. */
export function chatOf(
  binding: Binding,
  llama: Llama,
  model: LlamaModel,
): Pick<HostModel, "chat" | "grammar"> {
  const wrappers = wrappersOf(binding, model);
  return {
    chat(messages, answerPrefix) {
      const failures: unknown[] = [];
      for (const wrapper of wrappers()) {
        try {
          return render(model, wrapper, messages, answerPrefix);
        } catch (thrown) {
          failures.push(thrown);
        }
      }
      const detail = `The model's chat template cannot be used: ${String(failures[0])}`;
      throw new CodedError("VALIDATION_ERROR", detail, failures[0]);
    },
    async grammar(schema) {
      try {
        // The engine checks the schema itself; its types ask for literal ones.
        const grammar = await llama.createGrammarForJsonSchema(schema as { type: "object" });
        return new binding.LlamaGrammarEvaluationState({ model, grammar });
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        throw new CodedError("VALIDATION_ERROR", `The schema makes no grammar: ${reason}`, thrown);
      }
    },
  };
}

/**
 * The file's own template first: it is what the model was trained on. Some templates are written for
 * other interpreters and fail; the engine then knows a wrapper for the model's kind, or a plain one.
 */
function wrappersOf(binding: Binding, model: LlamaModel) {
  let known: readonly NodeLlamaCpp.ChatWrapper[] | undefined;
  return () =>
    (known ??= [
      binding.resolveChatWrapper(model, {
        type: "jinjaTemplate",
        warningLogs: false,
        // An answer within a grammar leaves no room to think aloud.
        customWrapperSettings: { jinjaTemplate: { reasoning: false } },
      }),
      binding.resolveChatWrapper(model, { noJinja: true, warningLogs: false }),
    ]);
}

function render(
  model: LlamaModel,
  wrapper: NodeLlamaCpp.ChatWrapper,
  messages: readonly ChatMessage[],
  answerPrefix: string,
): Token[] {
  const chatHistory: ChatHistoryItem[] = messages.map(({ role, text }) => ({ type: role, text }));
  const response = answerPrefix === "" ? [] : [answerPrefix];
  chatHistory.push({ type: "model", response });
  const { contextText } = wrapper.generateContextState({ chatHistory });
  return contextText.tokenize(model.tokenizer, "trimLeadingSpace");
}
