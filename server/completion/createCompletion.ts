import { createCompleter } from "./complete.ts";
import type { CompleterDependencies } from "./dependencies.ts";
import { postprocess } from "./postprocess/postprocess.ts";
import { curveFor, type Curve } from "./show/curves.ts";
import { gate } from "./show/gate.ts";
import { purposeOf } from "./stop/purpose.ts";
import { createStop } from "./stop/stop.ts";
import type { Completer } from "./types.ts";

/** Creates the completer with the product's own stop, filters, gate and calibration. */
export function createCompletion(
  dependencies: Omit<CompleterDependencies<Curve>, "judgement">,
): Completer {
  return createCompleter({
    ...dependencies,
    judgement: { purposeOf, createStop, postprocess, gate, curveFor },
  });
}
