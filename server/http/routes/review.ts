import { reviewAnswerSchema, reviewBodySchema } from "../../protocol/api.ts";
import { CodedError } from "../../protocol/errors.ts";
import { toReviewed } from "../originalFields.ts";
import type { RouteParts } from "../types.ts";
import { doWork, modelFor } from "../work.ts";
import { addPost, type ApiApp } from "./route.ts";

/** `POST /review`. */
export function addReviewRoute(app: ApiApp, parts: RouteParts): void {
  const { product, limits } = parts;
  addPost(
    app,
    {
      path: "/review",
      summary: "Score, findings and recommendations for code.",
      body: reviewBodySchema,
      answer: reviewAnswerSchema,
    },
    (context, body) => {
      const { text, language, purpose } = toReviewed(body);
      return doWork(context, parts, limits.requestMs, async (work) => {
        await modelFor(work, parts);
        const { requestId, uri } = work;
        const path = body.path ?? "untitled";
        const document = { uri, path, languageId: language, version: 1, text, purpose };
        try {
          const outcome = await product.reviewer.review(
            { document, scope: "file", trigger: "command", requestId },
            () => undefined,
            work.signal,
          );
          if (outcome.kind === "cancelled") throw work.cancelled();
          const { result } = outcome;
          context.env.call.tokensUsed = result.tokensUsed;
          const isFailure = result.score === undefined && result.reviewedLines === 0;
          if (isFailure && result.scoreError) throw CodedError.fromData(result.scoreError);
          const { metadata } = body;
          return context.json({
            requestId,
            ...result,
            ...(metadata === undefined ? {} : { metadata }),
          });
        } finally {
          product.reviewer.closed(uri);
        }
      });
    },
  );
}
