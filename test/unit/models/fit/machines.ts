import type { MachineFacts } from "../../../../server/protocol/models.ts";

const GB = 1e9;

function machine(given: Partial<MachineFacts>): MachineFacts {
  return {
    cpu: "a processor",
    cores: 8,
    totalBytes: 16 * GB,
    availableBytes: 10 * GB,
    backend: "cpu",
    gpus: [],
    diskFreeBytes: 200 * GB,
    ...given,
  };
}

/** A GPU with so many gigabytes, a tenth of them used by the desktop. */
function gpu(gigabytes: number, unified = false): MachineFacts["gpus"][number] {
  const totalBytes = gigabytes * GB;
  return {
    name: "a GPU",
    totalBytes,
    freeBytes: 0.9 * totalBytes,
    ...(unified ? { unified } : {}),
  };
}

export const machines = {
  tinyLaptop: machine({ cores: 2, totalBytes: 4 * GB, availableBytes: 1.5 * GB }),
  laptop: machine({}),
  gpu4: machine({ backend: "vulkan", gpus: [gpu(4.3)] }),
  gpu8: machine({ backend: "vulkan", gpus: [gpu(8.6)] }),
  gpu24: machine({ backend: "cuda", gpus: [gpu(25.7)], totalBytes: 64 * GB }),
  twoGpus: machine({ backend: "cuda", gpus: [gpu(8.6), gpu(8.6)] }),
  apple16: machine({ backend: "metal", gpus: [gpu(11.5, true)], totalBytes: 17.2 * GB }),
  apple32: machine({
    ...{ backend: "metal", gpus: [gpu(23, true)] },
    ...{ totalBytes: 34.4 * GB, availableBytes: 22 * GB },
  }),
  container: machine({ totalBytes: 2 * GB, availableBytes: 1.8 * GB }),
  nothing: machine({ cores: 1, totalBytes: 0.3 * GB, availableBytes: 0.1 * GB }),
} as const;
