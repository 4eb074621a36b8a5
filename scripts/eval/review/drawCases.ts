import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import { evalLanguages } from "../drawLines.ts";
import { fetchSources } from "../fetchSources.ts";
import type { EvalLanguage, EvalPackage, Split } from "../packages.ts";
import { drawBelow, seededRandom, seedOf } from "../random.ts";
import { sourceFiles } from "../sampleLines.ts";
import {
  bugKinds,
  plantBug,
  type Bug,
  type BugKind,
  type BugSite,
  type CodeFunction,
  type CodeReader,
} from "./inject/bugs.ts";

/** One function, and the bug that is planted in it. Offsets are the file's. */
export interface ReviewCase {
  readonly id: string;
  readonly package: string;
  readonly split: Split;
  readonly language: EvalLanguage;
  readonly path: string;
  /** The file as it was published, with `\n`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly bug: Bug;
}

/** Functions of one language that can take bugs. */
export interface CandidateFunction extends Omit<ReviewCase, "bug" | "id"> {
  readonly name: string;
  readonly sites: readonly BugSite[];
}

const fewestLines = 5;
const mostLines = 40;
const longestLine = 160;
const longestFile = 200_000;
/** Functions that are looked at of one package: enough for every kind, and no package rules. */
const mostOfPackage = 100;

/** Functions of 5 to 40 lines; of nested ones the outermost. */
export function suitableFunctions(
  text: string,
  functions: readonly CodeFunction[],
): readonly CodeFunction[] {
  const taken: CodeFunction[] = [];
  for (const each of functions) {
    const lines = text.slice(each.start, each.end).split("\n");
    const isInside = taken.some(({ start, end }) => start <= each.start && each.end <= end);
    const isLong = lines.some((line) => line.length > longestLine);
    if (lines.length < fewestLines || lines.length > mostLines || isInside || isLong) continue;
    taken.push(each);
  }
  return taken;
}

/** `values` in an order that the source of randomness gives. */
export function shuffle<Value>(values: readonly Value[], random: () => number): Value[] {
  const shuffled = [...values];
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = drawBelow(index + 1, random);
    const [a, b] = [shuffled[index], shuffled[other]];
    if (a === undefined || b === undefined) continue;
    shuffled[index] = b;
    shuffled[other] = a;
  }
  return shuffled;
}

async function functionsOf(
  item: EvalPackage,
  folder: string,
  reader: CodeReader,
  random: () => number,
): Promise<CandidateFunction[]> {
  const found: CandidateFunction[] = [];
  for (const file of shuffle(await sourceFiles(folder, item), random)) {
    if (found.length >= mostOfPackage) break;
    const text = (await readFile(file, "utf8")).replace(/\r\n?/g, "\n");
    const path = relative(folder, file).split(sep).join("/");
    const read = text.length > longestFile ? undefined : reader.read(path, text);
    if (read === undefined) continue;
    for (const { name, start, end } of suitableFunctions(text, read.functions)) {
      const sites = read.sitesIn(start, end);
      const { name: owner, split, language } = item;
      found.push({ package: owner, split, language, path, text, name, start, end, sites });
    }
  }
  return shuffle(found, random).slice(0, mostOfPackage);
}

function drawBug(
  candidate: CandidateFunction,
  kind: BugKind,
  reader: CodeReader,
  random: () => number,
): Bug | undefined {
  const sites = candidate.sites.filter((site) => site.kind === kind);
  for (const site of shuffle(sites, random)) {
    for (const bug of shuffle(site.bugs, random)) {
      if (reader.parses(candidate.path, plantBug(candidate.text, bug))) return bug;
    }
  }
  return undefined;
}

/**
 * Plants one bug in each of `rounds` functions for every kind; a function serves once. Kinds that few
 * functions offer choose first; packages take turns.
 */
export function drawKinds(
  candidates: readonly CandidateFunction[],
  rounds: number,
  reader: CodeReader,
  random: () => number,
): ReadonlyMap<BugKind, readonly ReviewCase[]> {
  const offered = (kind: BugKind): CandidateFunction[] =>
    candidates.filter(({ sites }) => sites.some((site) => site.kind === kind));
  const used = new Set<CandidateFunction>();
  const drawn = new Map<BugKind, ReviewCase[]>();
  const rareFirst = [...bugKinds].sort((a, b) => offered(a).length - offered(b).length);
  for (const kind of rareFirst) {
    const cases: ReviewCase[] = [];
    const left = shuffle(
      offered(kind).filter((each) => !used.has(each)),
      random,
    );
    const turns = new Map<string, number>();
    while (cases.length < rounds && left.length > 0) {
      const turnOf = (each: CandidateFunction): number => turns.get(each.package) ?? 0;
      const next = left.reduce((best, each) => (turnOf(each) < turnOf(best) ? each : best));
      left.splice(left.indexOf(next), 1);
      const bug = drawBug(next, kind, reader, random);
      if (bug === undefined) continue;
      turns.set(next.package, turnOf(next) + 1);
      used.add(next);
      const { package: owner, split, language, path, text, name, start, end } = next;
      const line = text.slice(0, start).split("\n").length;
      const id = `${owner}/${path}:${line} ${name}`;
      cases.push({ id, package: owner, split, language, path, text, start, end, bug });
    }
    drawn.set(kind, cases);
  }
  return drawn;
}

/**
 * Kinds and languages in turn, so that the first N are as even as N allows, whatever N is.
 */
export function interleave(
  drawn: readonly ReadonlyMap<BugKind, readonly ReviewCase[]>[],
  rounds: number,
  random: () => number,
): ReviewCase[] {
  return Array.from({ length: rounds }, (_, round) => {
    const ofRound = drawn.flatMap((kinds) =>
      bugKinds.flatMap((kind) => kinds.get(kind)?.[round] ?? []),
    );
    return shuffle(ofRound, random);
  }).flat();
}

/** Rounds that are drawn: more than are asked for, so that a longer run begins as a shorter one. */
const drawnRounds = 24;

/** The first `count` cases of one split: the same for the same seed, packages and versions. */
export async function drawCases(options: {
  readonly split: Split;
  readonly count: number;
  readonly seed: number;
  readonly packages: readonly EvalPackage[];
  readonly readers: Readonly<Record<EvalLanguage, CodeReader>>;
  readonly onPackage: (name: string) => void;
}): Promise<ReviewCase[]> {
  const { split, seed, readers } = options;
  const drawn = [];
  for (const language of evalLanguages) {
    const candidates: CandidateFunction[] = [];
    for (const item of options.packages) {
      if (item.split !== split || item.language !== language) continue;
      options.onPackage(`${item.name} ${item.version}`);
      const random = seededRandom(seed ^ seedOf(`${item.registry}:${item.name}`));
      const folder = await fetchSources(item);
      candidates.push(...(await functionsOf(item, folder, readers[language], random)));
    }
    const random = seededRandom(seed ^ seedOf(`${split} ${language}`));
    drawn.push(drawKinds(candidates, drawnRounds, readers[language], random));
  }
  const all = interleave(drawn, drawnRounds, seededRandom(seed ^ seedOf(split)));
  return all.slice(0, options.count);
}
