import type { EditKind } from "../proposal.ts";
import { missingAwait } from "./missingAwait.ts";
import { missingReturn } from "./missingReturn.ts";
import { negation } from "./negation.ts";
import { sameOperands } from "./sameOperands.ts";
import { swappedArguments } from "./swappedArguments.ts";
import { wrongComparison } from "./wrongComparison.ts";
import { wrongIdentifier } from "./wrongIdentifier.ts";
import { wrongLiteral } from "./wrongLiteral.ts";
import { wrongMember } from "./wrongMember.ts";
import { wrongOperator } from "./wrongOperator.ts";

/** Every kind of mistake. Of two that propose the same change the first one speaks. */
export const editKinds: readonly EditKind[] = [
  sameOperands,
  wrongIdentifier,
  wrongMember,
  wrongComparison,
  wrongOperator,
  negation,
  wrongLiteral,
  swappedArguments,
  missingAwait,
  missingReturn,
];
