/** A part of the home that a reset can delete. */
export interface HomePart {
  readonly name: string;
  readonly title: string;
  /** Its path under the home: a file, or a folder. */
  readonly path: string;
  /** Which names directly in the folder are ours; folders among them are ours with all they hold. */
  readonly own?: RegExp;
  /** Deleted only when asked for. */
  readonly only?: "backups" | "models";
}

/**
 * What the product writes, part by part. What is not named here is never deleted: `run/servers`
 * belongs to servers that live.
 */
export const homeParts: readonly HomePart[] = [
  {
    name: "logs",
    title: "logs",
    path: "logs",
    own: /^(server|completion|review|workflow|host|cli|extension)\b.*\.(jsonl|log)(\.[\w-]+)*$/,
  },
  {
    name: "run",
    title: "run files",
    path: "run",
    own: /^(([0-9a-f]{8,64}|api)\.(json|sock|lock|lock\.owner)|[\w.-]+\.partial|\.probe-\d+)$/,
  },
  { name: "dismissed", title: "dismissed findings", path: "review/dismissed.json" },
  { name: "snapshots", title: "what was reviewed", path: "review/snapshots", own: /\.json(\.|$)/ },
  { name: "workflows", title: "generated results", path: "workflows", own: /\.json(\.|$)/ },
  { name: "stats", title: "statistics", path: "stats.json" },
  {
    name: "damagedStats",
    title: "damaged statistics",
    path: ".",
    own: /^stats\.damaged-[\w-]+\.json$/,
  },
  { name: "state", title: "state", path: "state", own: /\.json(\.|$)/ },
  { name: "caches", title: "caches", path: "cache", own: /^/ },
  { name: "catalogue", title: "catalogue of models", path: "catalogue.json" },
  { name: "choice", title: "choice of the model", path: "model.json" },
  { name: "apiKey", title: "key of the loopback API", path: "api.key" },
  { name: "speeds", title: "measured speeds", path: "speeds.json" },
  {
    name: "backups",
    title: "backups",
    path: "backups",
    own: /^(starcoder|before-(restore|reset))-[\w-]+\.zip$/,
    only: "backups",
  },
  {
    name: "models",
    title: "downloaded models",
    path: "models",
    own: /\.(gguf|partial|json|part)$/i,
    only: "models",
  },
];
