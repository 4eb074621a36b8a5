import type { ModelDescription, PromptPart } from "../../../protocol/host.ts";
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
  /**
   * Looks at what models they have: who has another than the others is not used, unless of those
   * none can be. Gives those for whom that has changed.
   */
  compareModels(): readonly Member[];
}

export function createMembers(parts: MemberParts): Members {
  let all: readonly Member[] = [];
  let byId: ReadonlyMap<string, Member> = new Map();
  let ring: HashRing = createHashRing([]);

  function compareModels(): readonly Member[] {
    for (const member of all) {
      const { state } = member.remote;
      if (state.kind === "ready") member.model = state.model;
    }
    const wanted = mostHave(all.filter(({ isAlive }) => isAlive)) ?? mostHave(all);
    return all.filter((member) => {
      const before = member.misfit?.message;
      const fits =
        wanted === undefined || member.model === undefined || isSameModel(member.model, wanted);
      member.misfit = fits ? undefined : misfitOf(member.model?.name ?? "", wanted.name);
      return member.misfit?.message !== before;
    });
  }

  /**
   * The model that the most of all endpoints have, of those that these have; of as many, the one
   * that the settings name first.
   */
  function mostHave(these: readonly Member[]): ModelDescription | undefined {
    const known = (members: readonly Member[]) => members.flatMap(({ model }) => model ?? []);
    const alike = (model: ModelDescription) =>
      known(all).filter((other) => isSameModel(model, other)).length;
    return known(these).reduce<ModelDescription | undefined>(
      (best, model) => (best === undefined || alike(model) > alike(best) ? model : best),
      undefined,
    );
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
