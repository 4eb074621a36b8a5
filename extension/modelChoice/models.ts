import type { ModelList } from "../../server/protocol/models.ts";
import type { HubToken } from "./hubToken.ts";
import type { ModelCalls } from "./modelCalls.ts";
import type { Recommended } from "./recommended.ts";

/** What the extension has to do with models. */
export interface Models {
  readonly calls: ModelCalls;
  readonly hubToken: HubToken;
  readonly recommended: Recommended;
  /** Ids of downloads that this window waits for. */
  readonly fetching: Set<string>;
  /** The whole list as it was last known: shown at once while a new one is made. */
  readonly lastList: ModelList | undefined;
  /** Makes the whole list anew. */
  refresh(): Promise<ModelList>;
}

export type ModelsOptions = Pick<Models, "calls" | "hubToken" | "recommended">;

export function createModels({ calls, hubToken, recommended }: ModelsOptions): Models {
  let lastList: ModelList | undefined;
  return {
    calls,
    hubToken,
    recommended,
    fetching: new Set(),
    get lastList() {
      return lastList;
    },
    async refresh() {
      lastList = await calls.listAll();
      recommended.take(lastList);
      return lastList;
    },
  };
}
