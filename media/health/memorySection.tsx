import type { JSX } from "preact";
import type { Health } from "../../server/protocol/health.ts";
import { formatBytes, formatPercent } from "../parts/format.ts";
import type { ThemeColor } from "../parts/theme.ts";
import { Section } from "./section.tsx";

interface Share {
  readonly label: string;
  readonly bytes: number;
  readonly color: ThemeColor;
}

export interface MemorySectionProps {
  readonly memory: Health["memory"] | undefined;
  readonly gpuDevices: readonly string[] | undefined;
}

/** Who holds how much of the memory there is. */
export function MemorySection({ memory, gpuDevices }: MemorySectionProps): JSX.Element {
  return (
    <Section title="Memory">
      <Bar title="This machine" total={memory?.totalBytes} shares={sharesOf(memory)} />
      {memory?.gpu === undefined ? (
        <p class="muted">No GPU is used.</p>
      ) : (
        <Bar
          title={gpuDevices?.join(", ") ?? "GPU"}
          total={memory.gpu.totalBytes}
          shares={[{ label: "Used", bytes: memory.gpu.usedBytes, color: "charts-blue" }]}
        />
      )}
    </Section>
  );
}

function sharesOf(memory: Health["memory"] | undefined): readonly Share[] {
  const { totalBytes = 0, freeBytes = 0, serversBytes = 0, hostBytes = 0 } = memory ?? {};
  const others = Math.max(0, totalBytes - freeBytes - serversBytes - hostBytes);
  return [
    { label: "Model host", bytes: hostBytes, color: "charts-blue" },
    { label: "Servers", bytes: serversBytes, color: "charts-purple" },
    { label: "Other programs", bytes: others, color: "charts-lines" },
  ];
}

interface BarProps {
  readonly title: string;
  readonly total: number | undefined;
  readonly shares: readonly Share[];
}

function Bar({ title, total, shares }: BarProps): JSX.Element {
  const used = shares.reduce((sum, { bytes }) => sum + bytes, 0);
  const known = total !== undefined && total > 0;
  const free = known ? formatBytes(Math.max(0, total - used)) : formatBytes(undefined);
  const summary = `${free} free of ${formatBytes(total)}`;
  const described = shares.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(", ");
  return (
    <div class="memory">
      <div class="memory-head">
        <span>{title}</span>
        <span class="muted figures">{summary}</span>
      </div>
      <div class="memory-bar" role="img" aria-label={`${title}: ${described}; ${summary}`}>
        {shares.map(({ label, bytes, color }) => (
          <span
            key={label}
            title={`${label}: ${formatBytes(bytes)}`}
            style={{
              width: known ? formatPercent(Math.min(1, bytes / total)) : "0",
              background: `var(--vscode-${color})`,
            }}
          />
        ))}
      </div>
      <div class="legend">
        {shares.map(({ label, bytes, color }) => (
          <span key={label} class="legend-entry">
            <span class="swatch" style={{ background: `var(--vscode-${color})` }} />
            {label}
            <span class="legend-value">{formatBytes(known ? bytes : undefined)}</span>
          </span>
        ))}
      </div>
    </div>
  );
}
