import type { ServerResponse } from "node:http";
import {
  sendJson,
  startFakeServer,
  type FakeRequest,
  type FakeServer,
  type FakeServerOptions,
} from "./fakeServer.ts";
import { streamCompletions, type FakeCompletionsBody } from "./fakeCompletions.ts";

export interface FakeOpenAiOptions extends Omit<FakeServerOptions, "answer"> {
  readonly models?: readonly string[];
  /** What it reads of what stands after the cursor. */
  readonly fills?: "tokens" | "suffix" | "none";
  /** Fields that it refuses. */
  readonly refuses?: readonly string[];
  readonly complete?: (body: FakeCompletionsBody) => readonly string[];
}

/** A server of OpenAI's completions and of nothing else. */
export function startFakeOpenAi(options: FakeOpenAiOptions = {}): Promise<FakeServer> {
  const { models = ["some-coder"], fills = "none", refuses = [] } = options;
  const { complete = () => [" a", " +", " b"] } = options;

  async function answer({ path, body }: FakeRequest, response: ServerResponse): Promise<void> {
    if (path === "/v1/models") sendJson(response, { data: models.map((id) => ({ id })) });
    else if (path !== "/v1/completions") {
      sendJson(response, { error: { message: "Invalid URL", type: "invalid_request_error" } }, 404);
    } else {
      const asked = body as FakeCompletionsBody;
      const refused = refuses.find((field) => field in asked);
      if (refused !== undefined) {
        const message = `Unsupported parameter: ${refused}`;
        sendJson(response, { error: { message, type: "invalid_request_error" } }, 400);
        return;
      }
      const prompt = String(asked.prompt);
      const knows =
        fills === "tokens"
          ? /<\|?fim_suffix\|?>"\nassert kind == "marmalade"/.test(prompt)
          : fills === "suffix" && (asked.suffix ?? "").includes("marmalade");
      const texts = knows ? ["marm", "alade", '"'] : complete(asked);
      await streamCompletions(asked, { texts, promptTokens: 9 }, response);
    }
  }

  return startFakeServer({ ...options, answer });
}
