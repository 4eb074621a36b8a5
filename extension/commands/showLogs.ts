import { logFilterSchema } from "../../server/protocol/logs.ts";
import { withArgument } from "./command.ts";

/** Opens the log viewer; other views name the records that they want to see. */
export const showLogs = withArgument(logFilterSchema, ({ logsPanel }, filter) => {
  logsPanel.open("records", filter);
});
