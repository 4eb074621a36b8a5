import type { Product } from "../../../server/compose/compose.ts";
import type { ReviewResult } from "../../../server/protocol/review.ts";
import type { LineRange } from "../../../server/review/types.ts";

/** What one review took. */
export interface TimedReview {
  readonly result: ReviewResult;
  readonly milliseconds: number;
  /** Until the first finding that is drawn; absent where there was none. */
  readonly firstMilliseconds: number | undefined;
}

let reviews = 0;

/** Reviews lines of a text that was never seen before. @throws where it could not be reviewed. */
export async function timeReview(
  { reviewer }: Pick<Product, "reviewer">,
  text: string,
  lines: LineRange,
  signal = new AbortController().signal,
): Promise<TimedReview | undefined> {
  reviews += 1;
  const uri = `file:///bench/review${reviews}.ts`;
  const start = performance.now();
  let firstMilliseconds: number | undefined;
  const outcome = await reviewer.review(
    {
      document: {
        uri,
        path: `src/review${reviews}.ts`,
        languageId: "typescript",
        version: 1,
        text,
      },
      scope: lines,
      trigger: "command",
      requestId: `bench${reviews}`,
    },
    ({ findings }) => {
      if (findings.some(({ shown }) => shown)) firstMilliseconds ??= performance.now() - start;
    },
    signal,
  );
  reviewer.closed(uri);
  if (outcome.kind === "cancelled") return undefined;
  const { result } = outcome;
  if (result.scoreError !== undefined) throw new Error(result.scoreError.message);
  return { result, milliseconds: performance.now() - start, firstMilliseconds };
}
