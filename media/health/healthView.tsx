import type { JSX } from "preact";
import { useCallback, useRef } from "preact/hooks";
import type { HealthInitial } from "../../server/protocol/webview.ts";
import { useBridge } from "../parts/bridgeContext.ts";
import { Activity } from "./activity.tsx";
import { DiagnosisSection } from "./diagnosisSection.tsx";
import { EndpointsSection } from "./endpointsSection.tsx";
import { History } from "./history.tsx";
import { isLive } from "./healthState.ts";
import { LogsSection } from "./logsSection.tsx";
import { MemorySection } from "./memorySection.tsx";
import { ModelSection } from "./modelSection.tsx";
import { ServersSection } from "./serversSection.tsx";
import { ServicesSection } from "./servicesSection.tsx";
import { Statistics } from "./statistics.tsx";
import { useDiagnosis } from "./useDiagnosis.ts";
import { useHealth } from "./useHealth.ts";
import { VerdictBar } from "./verdictBar.tsx";
import { verdictOf } from "./verdict.ts";

/** The whole view. Each section stands from the start, so that nothing jumps when its data comes. */
export function HealthView({ initial }: { readonly initial: HealthInitial }): JSX.Element {
  const bridge = useBridge();
  const state = useHealth(bridge, initial);
  const diagnosisHeading = useRef<HTMLHeadingElement>(null);
  const showDiagnosis = useCallback(() => {
    diagnosisHeading.current?.focus({ preventScroll: true });
    diagnosisHeading.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const diagnosis = useDiagnosis(bridge, initial.diagnose, showDiagnosis);
  const { health, stats, status } = state;
  const live = isLive(state);
  return (
    <main class="view">
      <h1 class="hidden-text">StarCoder health</h1>
      <VerdictBar verdict={verdictOf(state, diagnosis.report)} asOf={health?.time} live={live} />
      <DiagnosisSection diagnosis={diagnosis} heading={diagnosisHeading} />
      <ServicesSection state={state} />
      <EndpointsSection endpoints={health?.endpoints} />
      <div class={live || health === undefined ? "columns" : "columns stale"}>
        <ModelSection health={health} status={status} />
        <MemorySection memory={health?.memory} gpuDevices={health?.host?.gpuMemory?.devices} />
      </div>
      <Activity recent={health?.recent} />
      <History steps={stats?.steps} failure={state.statsFailure} />
      <Statistics stats={stats} />
      <div class="columns">
        <ServersSection servers={health?.servers} now={health?.time} />
        <LogsSection logs={health?.logs} />
      </div>
    </main>
  );
}
