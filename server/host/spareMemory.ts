import type { Logger } from "../logs/logger.ts";
import type { HostService } from "./hostService.ts";
import type { MemorySource } from "./memorySource.ts";
import { watchMemory } from "./memoryWatch.ts";

export interface SparingOptions {
  readonly service: Pick<
    HostService,
    "state" | "onState" | "unaskedMs" | "unload" | "shrink" | "roomAgain"
  >;
  /** Unload when nobody asked for so many seconds; 0: never. */
  readonly unloadAfterSeconds: number;
  readonly source: MemorySource;
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  readonly log: Pick<Logger, "warn" | "info">;
}

export interface Sparing {
  /** Whether memory has room for a model that was unloaded for want of it. */
  hasRoom(): boolean;
  dispose(): void;
}

/**
 * Gives memory back: the model's when nobody asked for long, and where memory runs short, first half
 * of the context, then all.
 */
export function spareMemory(options: SparingOptions): Sparing {
  const { service, after, log } = options;
  const restMs = options.unloadAfterSeconds * 1000;
  let cancelRest: (() => void) | undefined;

  function rest(milliseconds: number): void {
    cancelRest = after(milliseconds, () => {
      cancelRest = undefined;
      const left = restMs - service.unaskedMs();
      if (service.state.kind !== "ready") return;
      if (left > 0) rest(left);
      else void service.unload("idle");
    });
  }

  const stop = service.onState((state) => {
    if (state.kind === "ready" && restMs > 0 && cancelRest === undefined) rest(restMs);
  });
  const watch = watchMemory({
    ...{ source: options.source, after },
    beginsShort: service.state.kind === "unloaded" && service.state.why === "memory",
    neededBytes: () => {
      const { state } = service;
      return state.kind === "unloaded" ? state.model.fileSizeBytes : 0;
    },
    async onShort() {
      if (service.state.kind !== "ready") return;
      log.warn("memory is short", {});
      if (!(await service.shrink())) await service.unload("memory");
    },
    onRoom: () => service.roomAgain(),
  });
  return {
    hasRoom: () => watch.hasRoom,
    dispose() {
      stop();
      cancelRest?.();
      watch.dispose();
    },
  };
}
