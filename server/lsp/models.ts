import type { CancellationToken, Connection } from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import { failureFields } from "../logs/failureFields.ts";
import {
  downloadModelRequest,
  downloadParamsSchema,
  modelsParamsSchema,
  modelsRequest,
  type DownloadRecord,
} from "../protocol/models.ts";
import { createDownloadProgress } from "./downloadProgress.ts";
import type { ProgressPort } from "./review/progress.ts";
import { coded, parseParams } from "./review/requests.ts";

/** The start of a window has other things to do first. */
const beginAfterMs = 3000;

export interface ModelsOptions {
  readonly connection: Pick<Connection, "onRequest">;
  readonly product: Pick<Product, "clock" | "downloads" | "listModels" | "logger">;
  readonly progress: ProgressPort;
}

export interface ModelsService {
  /** Downloads are shown to the client, and those that nobody works on go on. For after `initialized`. */
  begin(): void;
  dispose(): void;
}

/** Answers what is asked about models, and shows what is downloaded, whoever downloads. */
export function serveModels({ connection, product, progress }: ModelsOptions): ModelsService {
  const { clock, logger } = product;
  const log = logger.for("server");
  let stop = (): void => undefined;
  let disposed = false;

  connection.onRequest(modelsRequest.method, (raw: unknown) =>
    coded(() =>
      product.listModels(parseParams(modelsRequest.method, modelsParamsSchema, raw ?? {})),
    ),
  );
  connection.onRequest(downloadModelRequest.method, (raw: unknown, token: CancellationToken) =>
    coded(async (): Promise<DownloadRecord> => {
      const params = parseParams(downloadModelRequest.method, downloadParamsSchema, raw);
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      if (token.isCancellationRequested) abort.abort();
      try {
        const downloads = await product.downloads();
        const download = await downloads.download(params, abort.signal);
        if (download.phase !== "done") return { download };
        const { models } = await product.listModels();
        const model = models.find(({ path }) => path === download.path);
        return { download, ...(model === undefined ? {} : { model }) };
      } finally {
        subscription.dispose();
      }
    }),
  );

  async function begin(): Promise<void> {
    const downloads = await product.downloads();
    if (disposed) return;
    const shown = createDownloadProgress({
      port: progress,
      clock,
      list: () => downloads.list(),
      pause(id) {
        downloads.pause(id).catch((thrown: unknown) => {
          log.warn("a download was not paused", { id, ...failureFields(thrown) });
        });
      },
    });
    const stopWatching = downloads.watch((states) => shown.update(states));
    stop = () => {
      stopWatching();
      shown.dispose();
    };
    shown.update(downloads.list());
    const resumed = downloads.resume();
    if (resumed > 0) log.info("downloads go on", { count: resumed });
  }

  return {
    begin() {
      stop = clock.after(beginAfterMs, () => {
        begin().catch((thrown: unknown) => {
          log.warn("downloads are not shown", failureFields(thrown));
        });
      });
    },
    dispose() {
      disposed = true;
      stop();
    },
  };
}
