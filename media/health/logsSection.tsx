import type { JSX } from "preact";
import type { Health } from "../../server/protocol/health.ts";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { CopyButton } from "../parts/copyButton.tsx";
import { unknownFigure } from "../parts/format.ts";
import { FactList } from "./factList.tsx";
import { Section } from "./section.tsx";

/** How much is logged and where. */
export function LogsSection({ logs }: { readonly logs: Health["logs"] | undefined }): JSX.Element {
  return (
    <Section title="Logs" aside={<ActionButtons actions={["showLog"]} />}>
      <FactList
        facts={[
          { name: "Level", value: logs?.level ?? unknownFigure },
          {
            name: "Source text",
            value: logs === undefined ? unknownFigure : logs.source ? "Logged" : "Not logged",
          },
          {
            name: "Folder",
            value:
              logs === undefined ? (
                unknownFigure
              ) : (
                <span class="path">
                  <span class="mono path-text" title={logs.folder}>
                    {logs.folder}
                  </span>
                  <CopyButton text={() => logs.folder} about="Copy the path of the log folder" />
                </span>
              ),
          },
        ]}
      />
    </Section>
  );
}
