import { CodedError } from "../../protocol/errors.ts";
import { generateRequest, generateResultSchema } from "../../protocol/host.ts";
import type { Clock } from "../clock.ts";
import { trialRequest } from "../trialRequest.ts";
import type { Session } from "./session.ts";

/** A large model on a slow machine takes seconds for a few tokens. */
const answersWithinMs = 60_000;
const streamId = "trial";

/**
 * Asks a host that has loaded its model for a few tokens, as a window would.
 * @returns why it is of no use; undefined where it answered
 */
export async function tryHost(
  session: Session,
  clock: Clock,
  signal: AbortSignal,
): Promise<CodedError | undefined> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  signal.addEventListener("abort", stop, { once: true });
  const cancelTimer = clock.after(answersWithinMs, stop);
  let text = "";
  const outcome = await session.use(async (connection) => {
    // Probabilities that are no numbers do not get through: such tokens are never heard of.
    const unsubscribe = connection.onToken(streamId, (token) => (text += token.text));
    const result = await connection.call(
      generateRequest,
      { id: streamId, ...trialRequest },
      generateResultSchema,
      abort.signal,
    );
    unsubscribe();
    return result;
  });
  cancelTimer();
  signal.removeEventListener("abort", stop);
  if (outcome.kind === "failed") return outcome.error;
  if (outcome.kind === "cancelled" || outcome.value.finish === "cancelled") {
    const detail = `The test completion took more than ${answersWithinMs / 1000} s.`;
    return new CodedError("TIMEOUT_ERROR", detail);
  }
  if (text !== "") return undefined;
  const { generatedTokens } = outcome.value.usage;
  return new CodedError(
    "MODEL_INVALID",
    generatedTokens > 0
      ? "Its answer to a test completion has no probabilities: the weights are damaged."
      : "It answered a test completion with nothing.",
  );
}
