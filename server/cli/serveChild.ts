import { createInterface } from "node:readline";
import type { Product } from "../compose/compose.ts";
import { apiChildInputSchema, type ApiReport } from "../protocol/api.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { parseSettings } from "../protocol/parseSettings.ts";
import { composeApi, ownSettings, serve } from "./composeApi.ts";
import { exitCodes } from "./outcome.ts";

/**
 * Started by a language server, which sends settings and keys as lines on standard input, reads
 * reports as lines on standard output, and ends this by closing the input.
 */
export function serveAsChild(): void {
  let product: Product | undefined;
  let close = (): Promise<void> => Promise.resolve();
  const report = (said: ApiReport): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
  const end = (): void => {
    setTimeout(() => process.exit(exitCodes.done), 2000).unref();
    void close().then(() => {
      product?.dispose();
      process.exit(exitCodes.done);
    });
  };
  const fail = (thrown: unknown): void => {
    report({ state: "failed", error: toCodedError(thrown).toData() });
    end();
  };

  async function begin(composed: Product): Promise<void> {
    const serving = await serve(composed, () =>
      fail(new CodedError("LOCK_HELD", "Another process serves now.")),
    );
    if (serving.kind === "held") {
      report({ state: "held" });
      end();
      return;
    }
    close = () => serving.close();
    composed.followChoice();
    composed.reportEndpoints();
    report({ state: "serving", address: serving.address });
  }

  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    try {
      const { settings: raw, endpointKeys, network } = apiChildInputSchema.parse(JSON.parse(line));
      const settings = ownSettings(parseSettings(raw).settings);
      const isFirst = product === undefined;
      product ??= composeApi(settings);
      product.setNetwork(network);
      product.apply(settings);
      if (endpointKeys !== undefined) product.setEndpointKeys(endpointKeys);
      if (isFirst) begin(product).catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  });
  lines.once("close", end);
  process.once("SIGTERM", end);
}
