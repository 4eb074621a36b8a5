import type { PromptPart } from "../../../protocol/host.ts";
import type { RemoteEngine } from "../types.ts";
import { placeOn } from "./boundedLoad.ts";
import { createHashRing, type HashRing } from "./hashRing.ts";
import { createMember, misfitOf, type Member, type MemberParts } from "./member.ts";
import { isSameModel } from "./sameModel.ts";

/** The endpoints there are, and which of them takes a request. */
export interface Members {
  readonly all: readonly Member[];
  /** Those that requests may go to. */
  readonly up: readonly Member[];
  /**
   * Who takes a request of this affinity: the one that the ring names, unless it has too much to
   * do already; undefined where none is allowed.
   */
  pick(affinity: string, isAllowed: (member: Member) => boolean): Member | undefined;
  /** Puts other endpoints in place; those that were there already keep what is known of them. */
  set(remotes: readonly RemoteEngine[]): { readonly added: Member[]; readonly removed: Member[] };
  /** Looks at what models they have: who has another than the others is not used. */
  compareModels(): void;
}

export function createMembers(parts: MemberParts): Members {
  let all: readonly Member[] = [];
  let byId: ReadonlyMap<string, Member> = new Map();
  let ring: HashRing = createHashRing([]);

  function compareModels(): void {
    for (const member of all) {
      const { state } = member.remote;
      if (state.kind === "ready") member.model = state.model;
    }
    const known = all.flatMap(({ model }) => (model === undefined ? [] : [model]));
    const alike = (model: (typeof known)[number]) =>
      known.filter((other) => isSameModel(model, other)).length;
    // Of as many, those that the settings name first.
    const wanted = known.reduce<(typeof known)[number] | undefined>(
      (best, model) => (best === undefined || alike(model) > alike(best) ? model : best),
      undefined,
    );
    for (const member of all) {
      const fits =
        wanted === undefined || member.model === undefined || isSameModel(member.model, wanted);
      if (fits) member.misfit = undefined;
      else member.misfit ??= misfitOf(member.model?.name ?? "", wanted.name);
    }
  }

  return {
    get all() {
      return all;
    },
    get up() {
      return all.filter(({ state, remote }) => state === "up" && remote.state.kind === "ready");
    },
    pick(affinity, isAllowed) {
      const order = ring
        .order(affinity)
        .flatMap((id) => byId.get(id) ?? [])
        .filter(isAllowed);
      return (
        placeOn(order.filter(({ isUsable }) => isUsable)) ??
        order.find(({ isLastResort }) => isLastResort)
      );
    },
    set(remotes) {
      const before = all;
      all = remotes.map(
        (remote) =>
          before.find((member) => member.remote === remote) ??
          createMember(idOf(remote), remote, parts),
      );
      byId = new Map(all.map((member) => [member.id, member]));
      ring = createHashRing([...byId.keys()]);
      return {
        added: all.filter((member) => !before.includes(member)),
        removed: before.filter((member) => !all.includes(member)),
      };
    },
    compareModels,
  };
}

/** All that tells two entries apart; affinity is not to move when others come or go. */
function idOf({ endpoint: { url, model, name } }: RemoteEngine): string {
  return [url, model ?? "", name].join("\n");
}

/** So much of a prompt's beginning decides where it goes when nothing else does. */
const decisiveCharacters = 512;

/** Prompts that begin alike belong to the endpoint that has evaluated that beginning. */
export function affinityOf(
  given: string | undefined,
  beginning: readonly PromptPart[] | string,
): string {
  if (given !== undefined) return given;
  if (typeof beginning === "string") return beginning.slice(0, decisiveCharacters);
  let text = "";
  for (const part of beginning) {
    text += "text" in part ? part.text : part.special;
    if (text.length >= decisiveCharacters) break;
  }
  return text.slice(0, decisiveCharacters);
}
