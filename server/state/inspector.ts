import { CodedError } from "../protocol/errors.ts";

/** What of `node:inspector` is used; injected for tests. */
export interface InspectorModule {
  open(port: number, host: string): unknown;
  close(): void;
  url(): string | undefined;
}

/** The Node inspector of this process, open for as long as somebody holds it. */
export interface Inspector {
  /**
   * Opens it on a free port of this machine; returns its address.
   * @throws CodedError INTERNAL_ERROR where it cannot be opened.
   */
  hold(holder: object): string;
  /** Closes it when nobody is left who holds it. */
  release(holder: object): void;
}

/** One that was open before, by `--inspect`, stays open. */
export function createInspector(module: InspectorModule): Inspector {
  const holders = new Set<object>();
  let isOurs = false;
  return {
    hold(holder) {
      if (module.url() === undefined) {
        module.open(0, "127.0.0.1");
        isOurs = true;
      }
      const url = module.url();
      if (url === undefined) {
        throw new CodedError("INTERNAL_ERROR", "The inspector could not be opened.");
      }
      holders.add(holder);
      return url;
    },
    release(holder) {
      if (!holders.delete(holder) || holders.size > 0 || !isOurs) return;
      isOurs = false;
      module.close();
    },
  };
}
