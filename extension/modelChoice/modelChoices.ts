import type { ModelList, OfferedModel, StoredModel } from "../../server/protocol/models.ts";
import {
  firstSentence,
  rowOfOffered,
  rowOfRecommended,
  rowOfStored,
  type ModelRow,
} from "./modelRows.ts";

/** What a model can be added from. */
export type AddKind = "file" | "url" | "repository";

/** A small button of a row. */
export type ModelButton =
  | { readonly kind: "licence"; readonly url: string }
  | { readonly kind: "page"; readonly url: string }
  | { readonly kind: "reveal"; readonly path: string }
  | { readonly kind: "remove"; readonly id: string };

/** A row of the list to choose from. */
export type ModelChoice =
  | { readonly kind: "section"; readonly label: string }
  | (ModelRow & {
      readonly kind: "stored";
      readonly model: StoredModel;
      readonly buttons: readonly ModelButton[];
    })
  | (ModelRow & {
      readonly kind: "offered";
      readonly offered: OfferedModel;
      readonly buttons: readonly ModelButton[];
    })
  | (ModelRow & { readonly kind: "add"; readonly add: AddKind });

/**
 * The list: what suits this machine, what is on it, what can be had (what does not fit at the end),
 * and how others are added. Each model stands in it once. Without `offered` in the list, as it is
 * known at once, only what is on the machine.
 */
export function choicesOf(list: ModelList): readonly ModelChoice[] {
  const recommended = recommendedIn(list);
  const recommendedId = list.recommendation?.id;
  const stored = list.models
    .filter(({ id }) => recommended.length === 0 || id !== recommendedId)
    .sort((a, b) => Number(b.active) - Number(a.active))
    .map(storedChoice);
  const offered = (list.offered ?? [])
    .filter((each) => !each.stored && each.entry.id !== recommendedId)
    .sort((a, b) => rank(a) - rank(b))
    .map((each) => offeredChoice(each));
  return [
    ...section("Recommended here", recommended),
    ...section("On this machine", stored),
    ...section("Can be downloaded", offered),
    ...section("Add another", additions),
  ];
}

function recommendedIn({ models, offered, recommendation }: ModelList): ModelChoice[] {
  if (recommendation === undefined) return [];
  const { id, reason } = recommendation;
  const stored = models.find((model) => model.id === id);
  const here = offered?.find(({ entry }) => entry.id === id);
  if (stored !== undefined) {
    const row = storedChoice(stored);
    return [stored.error === undefined ? { ...row, detail: firstSentence(reason) } : row];
  }
  return here === undefined ? [] : [{ ...offeredChoice(here), ...rowOfRecommended(here, reason) }];
}

type Choice<Kind extends ModelChoice["kind"]> = Extract<ModelChoice, { readonly kind: Kind }>;

function storedChoice(model: StoredModel): Choice<"stored"> {
  const { id, path, licence, source, active } = model;
  const mine = source === "downloaded" || source === "added";
  return {
    kind: "stored",
    ...rowOfStored(model),
    model,
    buttons: [
      ...(licence === undefined ? [] : [{ kind: "licence", url: licence.url } as const]),
      { kind: "reveal", path },
      ...(mine && !active ? [{ kind: "remove", id } as const] : []),
    ],
  };
}

function offeredChoice(offered: OfferedModel): Choice<"offered"> {
  const { entry, page, added } = offered;
  return {
    kind: "offered",
    ...rowOfOffered(offered),
    offered,
    buttons: [
      ...(entry.licence === undefined
        ? []
        : [{ kind: "licence", url: entry.licence.url } as const]),
      ...(page === undefined ? [] : [{ kind: "page", url: page } as const]),
      ...(added === true ? [{ kind: "remove", id: entry.id } as const] : []),
    ],
  };
}

/** What fits comes before what is slow, and that before what does not fit; else the given order. */
function rank({ fit, entry }: OfferedModel): number {
  const verdict = fit === undefined ? 0 : { fits: 0, slow: 2, tooLarge: 4 }[fit.verdict];
  return verdict + (entry.recommended ? 0 : 1);
}

function section(label: string, rows: readonly ModelChoice[]): readonly ModelChoice[] {
  return rows.length === 0 ? [] : [{ kind: "section", label }, ...rows];
}

const additions: readonly ModelChoice[] = [
  {
    kind: "add",
    add: "file",
    icon: "folder-opened",
    label: "A file on this machine…",
    description: "a GGUF file, used where it lies",
  },
  {
    kind: "add",
    add: "repository",
    icon: "repo",
    label: "A repository of the Hugging Face Hub…",
    description: "owner/name",
  },
  {
    kind: "add",
    add: "url",
    icon: "link",
    label: "An address…",
    description: "https://…/model.gguf",
  },
];
