/** From here on a figure says no more than "very much". */
const most = 1_000_000;

/** Odds in favour of an alternative, given in nats, for a person: `about 400 times likelier`. */
export function oddsInWords(nats: number): string {
  const times = Math.exp(nats);
  if (times >= most) return "more than a million times likelier";
  if (times < 1.5) return "about as likely";
  if (times < 2.5) return "about twice as likely";
  const unit = 10 ** Math.floor(Math.log10(times));
  const rounded = Math.round(times / unit) * unit;
  if (rounded >= most) return "about a million times likelier";
  return `about ${rounded.toLocaleString("en-US")} times likelier`;
}
