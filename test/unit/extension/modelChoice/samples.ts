import {
  catalogueEntrySchema,
  downloadStateSchema,
  type CatalogueEntry,
  type DownloadState,
  type Licence,
  type ModelFit,
  type ModelList,
  type OfferedModel,
  type StoredModel,
} from "../../../../server/protocol/models.ts";

export const freeLicence: Licence = {
  id: "Apache-2.0",
  name: "Apache License 2.0",
  url: "https://example.org/apache",
  restrictions: [],
};

export const restrictedLicence: Licence = {
  id: "bigcode-openrail-m",
  name: "BigCode OpenRAIL-M v1",
  url: "https://example.org/openrail",
  restrictions: ["Do not break any law with it.", "Do not impersonate others."],
};

export function stored(id: string, rest: Partial<StoredModel> = {}): StoredModel {
  return {
    id,
    name: id.toUpperCase(),
    path: `/models/${id}.gguf`,
    source: "downloaded",
    active: false,
    starter: false,
    sizeBytes: 1.9e9,
    ...rest,
  };
}

export const bundled = stored("starcoder-tiny", {
  name: "StarCoder Tiny",
  source: "bundled",
  active: true,
  starter: true,
  sizeBytes: 8.4e6,
  licence: freeLicence,
});

export function entry(id: string, rest: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return catalogueEntrySchema.parse({
    id,
    name: id.toUpperCase(),
    source: { kind: "hub", repository: `someone/${id}-GGUF`, file: "*.gguf" },
    quantizations: [{ name: "Q4_K_M", sizeBytes: 1.9e9 }],
    licence: freeLicence,
    ...rest,
  });
}

export function fit(verdict: ModelFit["verdict"], rest: Partial<ModelFit> = {}): ModelFit {
  return {
    verdict,
    weightsBytes: 1.9e9,
    kvBytes: 1e8,
    computeBytes: 1e8,
    contextSize: 8192,
    layers: 30,
    gpuLayers: 0,
    kvType: "f16",
    decodePerSecond: 24.6,
    reason: "It needs 12.1 GB, and 8.0 GB are there.",
    ...rest,
  };
}

export function offered(
  id: string,
  verdict: ModelFit["verdict"] | undefined,
  rest: Partial<OfferedModel> = {},
): OfferedModel {
  return {
    entry: entry(id),
    quantization: "Q4_K_M",
    sizeBytes: 1.9e9,
    stored: false,
    ...(verdict === undefined ? {} : { fit: fit(verdict) }),
    ...rest,
  };
}

export function list(rest: Partial<ModelList> = {}): ModelList {
  return { models: [bundled], diskBytes: 0, downloads: [], ...rest };
}

export function download(
  phase: DownloadState["phase"],
  rest: Partial<DownloadState> = {},
): DownloadState {
  return downloadStateSchema.parse({
    version: 1,
    request: {
      id: "starcoder2-3b",
      name: "StarCoder2 3B",
      source: { kind: "hub", repository: "someone/starcoder2-3b-GGUF", file: "*.gguf" },
    },
    phase,
    receivedBytes: 812e6,
    totalBytes: 1.9e9,
    updatedAt: "2030-01-01T00:00:00.000Z",
    ...rest,
  });
}
