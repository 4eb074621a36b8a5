import {
  viewMessageSchema,
  type ViewEvent,
  type ViewRequest,
} from "../../server/protocol/webview.ts";

/** VS Code's side of a view; a view may ask for it once. */
interface ViewHost {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): ViewHost;

/** A failure that the other side told of. */
export class ViewError extends Error {
  override readonly name = "ViewError";
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/** What a view uses to speak to the extension. */
export interface Bridge {
  /**
   * Rejects with `ViewError`; with `TIMEOUT_ERROR` when there is no answer within `timeoutMs` (30 s
   * where it is left out), since an extension that ends answers nothing. The caller parses the result.
   */
  request(method: string, params: object, timeoutMs?: number): Promise<unknown>;
  onEvent(listener: (event: ViewEvent) => void): () => void;
  /** What the view remembers while it is hidden or the window reloads. */
  readonly state: unknown;
  setState(state: unknown): void;
}

const defaultTimeoutMs = 30_000;

/** Who waits for an answer. */
interface Asked {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ViewError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export function createBridge(): Bridge {
  const host = acquireVsCodeApi();
  const waiting = new Map<number, Asked>();
  const listeners = new Set<(event: ViewEvent) => void>();
  let requests = 0;
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const parsed = viewMessageSchema.safeParse(data);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.kind === "event") {
      for (const listener of listeners) listener(message);
    } else if (message.kind === "response") {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      clearTimeout(asked?.timer);
      if (message.error === undefined) asked?.resolve(message.result);
      else {
        const { code, message: text, remedy } = message.error;
        asked?.reject(new ViewError(code, text, remedy));
      }
    }
  });
  return {
    request(method, params, timeoutMs = defaultTimeoutMs) {
      requests += 1;
      const id = requests;
      const request: ViewRequest = { kind: "request", id, method, params };
      return new Promise<unknown>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          const message = `There was no answer within ${Math.round(timeoutMs / 1000)} s.`;
          reject(new ViewError("TIMEOUT_ERROR", message, "Reload the window if this stays."));
        }, timeoutMs);
        waiting.set(id, { resolve, reject, timer });
        host.postMessage(request);
      });
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get state() {
      return host.getState();
    },
    setState: (state) => host.setState(state),
  };
}

/** What the extension put into the page for the view to start with. */
export function readInitial(): unknown {
  const text = document.getElementById("initial")?.textContent ?? "null";
  return JSON.parse(text);
}
