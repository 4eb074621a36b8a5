import { Console } from "node:console";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { compose } from "../compose/compose.ts";
import { failureFields } from "../logs/failureFields.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { productVersion } from "../protocol/version.ts";
import { locateHome } from "../state/home.ts";
import { registerServer } from "../state/serverFiles.ts";
import { createEditorLog } from "./editorLog.ts";
import { endWhenAsked } from "./restart.ts";
import { createServer } from "./server.ts";
import { createStdioGuard } from "./stdioGuard.ts";

/*
 * The language server: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`. Ends with 0 after
 * a proper shutdown, with 1 and a line on stderr when the connection is lost or not LSP.
 */

function fail(error: CodedError): never {
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exit(1);
}

function connect() {
  if (!process.argv.includes("--stdio")) {
    return createConnection(ProposedFeatures.all);
  }
  const guard = createStdioGuard(
    (reason) => fail(new CodedError("VALIDATION_ERROR", `Standard input is not LSP: ${reason}.`)),
    () => server.finish(),
  );
  return createConnection(ProposedFeatures.all, process.stdin.pipe(guard), process.stdout);
}

if (process.argv.includes("--stdio")) {
  // Standard output belongs to the protocol; a dependency that prints must not break it.
  globalThis.console = new Console(process.stderr);
}
const connection = connect();
const editorLog = createEditorLog(connection);
const product = compose({
  clientName: "language server",
  logName: `server-${process.pid}`,
  sinks: [editorLog],
});
const server = createServer({ connection, product, onInitialized: () => editorLog.open() });

endWhenAsked(connection, locateHome(), () => {
  void server.finish().finally(() => process.exit(0));
});
const unregister = registerServer(locateHome(), {
  pid: process.pid,
  version: productVersion,
  startedAt: new Date().toISOString(),
});
product.logger.info("server starts", { version: productVersion });
process.on("exit", (status) => {
  product.logger.info("server ends", { status });
  unregister();
  product.dispose();
});
process.on("disconnect", () => {
  void server.finish().finally(() => process.exit(1));
});
process.on("unhandledRejection", (thrown) => {
  product.logger.error("unhandled rejection", failureFields(thrown));
});
process.on("uncaughtException", (thrown) => {
  product.logger.error("uncaught exception", failureFields(thrown));
  fail(toCodedError(thrown));
});
connection.listen();
