import { CodedError } from "../../../protocol/errors.ts";
import type { ModelDescription, PromptPart } from "../../../protocol/host.ts";
import type { ChatEngine, Engine } from "../../engine.ts";
import type { Member } from "./member.ts";
import type { Members } from "./members.ts";
import type { Choice } from "./routing.ts";

/** A request that so many servers could not answer will not be answered by another one. */
const mostTries = 4;

export interface ChooseOptions {
  readonly members: Pick<Members, "pick" | "all">;
  /** The local model while it may answer; the last endpoint may go while it is asked. */
  readonly local: () => (Engine & ChatEngine) | undefined;
  readonly affinity: string;
  readonly prompt: readonly PromptPart[] | undefined;
  /** Why no member can be used; undefined where one can. */
  readonly down: () => CodedError | undefined;
}

export function createChoice(options: ChooseOptions): Choice {
  const { members, affinity, prompt, down } = options;
  const tries = new Map<Member, number>();
  let left = mostTries;
  let isLocalLeft = true;

  function pick(isAllowed: (member: Member) => boolean): Member | undefined {
    if (left === 0) return undefined;
    const member = members.pick(
      affinity,
      (one) => isAllowed(one) && (one.model === undefined || canRead(one.model, prompt)),
    );
    if (member === undefined) return undefined;
    left -= 1;
    tries.set(member, (tries.get(member) ?? 0) + 1);
    return member;
  }

  const another = () => pick((member) => !tries.has(member));
  return {
    // Behind one address there may be several servers: where it is the only one, it has two chances.
    next: () => another() ?? pick((member) => (tries.get(member) ?? 0) < 2),
    another,
    fallback() {
      const local = isLocalLeft ? options.local() : undefined;
      const state = local?.state;
      const model = state?.kind === "ready" || state?.kind === "unloaded" ? state.model : undefined;
      if (model === undefined || !canRead(model, prompt)) return undefined;
      isLocalLeft = false;
      return local;
    },
    failure: (last) => down() ?? last ?? new CodedError("ENDPOINTS_DOWN"),
  };
}

/** Whether a prompt's special tokens are those of a model: it may have been made for another one. */
function canRead(model: ModelDescription, prompt: readonly PromptPart[] | undefined): boolean {
  if (prompt === undefined || model.specialTokens.length === 0) return true;
  return prompt.every((part) => "text" in part || model.specialTokens.includes(part.special));
}
