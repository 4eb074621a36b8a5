import { CodedError } from "../../server/protocol/errors.ts";

/** The coded error that an action throws; anything else fails the test. */
export function codedErrorOf(action: () => unknown): CodedError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof CodedError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}
