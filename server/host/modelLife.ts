import { failureFields } from "../logs/failureFields.ts";
import type { Logger } from "../logs/logger.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import type { HostState } from "../protocol/host.ts";
import type { Now } from "./meter.ts";
import type { HostModel } from "./model.ts";

/** A model that is not loaded, though known: `model` and `backend` are those it had last. */
export type Asleep = Omit<Extract<HostState, { kind: "unloaded" }>, "kind">;

export interface ModelLifeOptions<Context> {
  readonly load: () => Promise<HostModel>;
  readonly now: Now;
  readonly log: Logger;
  /** What the jobs over a model work with; made anew when its sequences are. */
  readonly contextOf: (model: HostModel) => Context;
  /** Settles when nothing uses the model; what runs is ended by this error where one is given. */
  readonly settled: (reason?: CodedError) => Promise<void>;
  /** Begin without loading: the first request does that. */
  readonly asleep?: Asleep;
  /** Whether memory has room for the model again, after it was unloaded for want of it. */
  readonly hasRoom?: () => boolean;
}

/** The model from loading to freeing it. Work on it is held while it changes. */
export interface ModelLife<Context> {
  readonly state: HostState;
  readonly context: Context | undefined;
  readonly model: HostModel | undefined;
  /** Called on each change; returns what ends the subscription. */
  onState(listener: (state: HostState) => void): () => void;
  /** Loads the model for the first time. Never rejects: the state tells. */
  start(): Promise<void>;
  /**
   * What to work with: loads a model that was unloaded, and waits for that.
   * @throws CodedError MODEL_UNAVAILABLE while it is loaded for the first time or retires, the
   * reason where that failed, MEMORY_PRESSURE where memory has no room for it now.
   */
  use(): Promise<Context>;
  /** Frees the model; the next `use` loads it. Work that runs is waited for, or ended for memory. */
  unload(why: Asleep["why"]): Promise<void>;
  /** Memory has room again: loads the model if somebody asked for it meanwhile. */
  roomAgain(): Promise<void>;
  /** Creates the sequences anew with so many tokens each; unloads where that fails. */
  resize(contextSize: number, shrunk?: CodedError): Promise<void>;
  /** Refuses work from now on, for this reason. */
  fail(error: CodedError): void;
  /** `superseded`: says so and works on; else refuses work from now on. */
  retire(superseded: boolean): void;
  dispose(): Promise<void>;
}

export function createModelLife<Context>(options: ModelLifeOptions<Context>): ModelLife<Context> {
  const { now, log } = options;
  const listeners = new Set<(state: HostState) => void>();
  let state: HostState =
    options.asleep === undefined ? { kind: "loading" } : { kind: "unloaded", ...options.asleep };
  /** What is true of the model though the host retires. */
  let known: HostState = state;
  let model: HostModel | undefined;
  let context: Context | undefined;
  /** Loading again, freeing or resizing; never rejects. */
  let changing: Promise<void> | undefined;
  /** Somebody asked while memory had no room. */
  let wanted = false;
  let disposed = false;

  const isUnloaded = (): boolean => known.kind === "unloaded";
  const isReady = (): boolean => known.kind === "ready";

  function setState(next: HostState): void {
    known = next;
    if (state.kind === "retiring") return;
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function readyState(loaded: HostModel, shrunk?: CodedError): HostState {
    const { description, backend } = loaded;
    return {
      ...{ kind: "ready", model: description, backend },
      ...(shrunk === undefined ? {} : { shrunk: shrunk.toData() }),
    };
  }

  async function load(): Promise<void> {
    const before = now();
    try {
      const loaded = await options.load();
      if (disposed) {
        await loaded.dispose();
        return;
      }
      model = loaded;
      context = options.contextOf(loaded);
      log.info("model loaded", { durationMs: now() - before, backend: loaded.backend.used });
      setState(readyState(loaded));
    } catch (thrown) {
      const error = toCodedError(thrown);
      log.error("model not loaded", failureFields(thrown));
      if (known.kind === "unloaded" && error.code === "MEMORY_ERROR") {
        setState({ ...known, why: "memory" });
      } else setState({ kind: "failed", error: error.toData() });
    }
  }

  /** One change after the other; requests that come meanwhile wait. */
  function change(run: () => Promise<void>): Promise<void> {
    const before = changing ?? Promise.resolve();
    const mine: Promise<void> = before.then(run).finally(() => {
      if (changing === mine) changing = undefined;
    });
    changing = mine;
    return mine;
  }

  async function free(): Promise<void> {
    const freed = model;
    model = undefined;
    context = undefined;
    try {
      await freed?.dispose();
    } catch (thrown) {
      // It is not used any more, whatever the library still holds.
      log.error("model not freed", failureFields(thrown));
    }
  }

  async function unload(why: Asleep["why"]): Promise<void> {
    if (!isReady()) return;
    await options.settled(why === "memory" ? new CodedError("MEMORY_PRESSURE") : undefined);
    // It may have failed meanwhile, which is not to be forgotten.
    if (known.kind !== "ready") return;
    const { model: description, backend } = known;
    await free();
    log.info("model unloaded", { why });
    setState({ kind: "unloaded", model: description, backend, why });
  }

  async function wake(): Promise<void> {
    wanted = false;
    if (known.kind === "unloaded") await load();
  }

  function present(): Context {
    if (known.kind === "failed") throw CodedError.fromData(known.error);
    if (state.kind === "retiring" && state.superseded !== true) {
      throw new CodedError("MODEL_UNAVAILABLE", "The host is retiring.");
    }
    if (context === undefined) throw new CodedError("MODEL_UNAVAILABLE", "It is still loading.");
    return context;
  }

  return {
    get state() {
      return state;
    },
    get context() {
      return context;
    },
    get model() {
      return model;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => (known.kind === "loading" ? load() : Promise.resolve()),
    async use() {
      while (changing !== undefined) await changing;
      if (known.kind === "unloaded") {
        wanted = known.why === "memory" && options.hasRoom?.() === false;
        if (!wanted) await change(wake);
        if (isUnloaded()) throw new CodedError("MEMORY_PRESSURE");
      }
      return present();
    },
    unload: (why) => change(() => unload(why)),
    async roomAgain() {
      if (wanted) await change(wake);
    },
    resize: (contextSize, shrunk) =>
      change(async () => {
        if (!isReady() || model?.resize === undefined) return;
        const { resize } = model;
        // What runs is ended where memory is short, and waited for where there is room again.
        await options.settled(shrunk);
        if (!isReady()) return;
        try {
          context = undefined;
          await resize(contextSize);
          context = options.contextOf(model);
          log.info("context resized", { contextSize });
          setState(readyState(model, shrunk));
        } catch (thrown) {
          log.warn("context not resized", failureFields(thrown));
          await unload("memory");
        }
      }),
    fail(error) {
      log.error("model unusable", { code: error.code, detail: error.message });
      setState({ kind: "failed", error: error.toData() });
    },
    retire(superseded) {
      if (state.kind === "retiring") {
        if (!superseded) state = { kind: "retiring" };
        return;
      }
      const truth = known;
      setState({ kind: "retiring", ...(superseded ? { superseded } : {}) });
      known = truth;
    },
    async dispose() {
      disposed = true;
      await free();
    },
  };
}
