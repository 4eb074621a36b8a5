import { logFilterSchema } from "../../server/protocol/logs.ts";
import { withArgument } from "./command.ts";

/** Opens the log viewer on its analysis. */
export const analyzeLogs = withArgument(logFilterSchema, ({ logsPanel }, filter) => {
  logsPanel.open("analysis", filter);
});
