import { ResponseError, type Connection } from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import { doctorParamsSchema, doctorRequest } from "../protocol/editor.ts";
import { CodedError } from "../protocol/errors.ts";
import { codedErrorRpcCode } from "../protocol/host.ts";

/** Answers `starcoder/doctor`. */
export function serveDoctor(connection: Connection, product: Pick<Product, "runDoctor">): void {
  connection.onRequest(doctorRequest.method, (raw: unknown) => {
    const params = doctorParamsSchema.safeParse(raw ?? {});
    if (!params.success) {
      const error = new CodedError("VALIDATION_ERROR", "starcoder/doctor: wrong parameters.");
      throw new ResponseError(codedErrorRpcCode, error.message, error.toData());
    }
    const { full = false, facts } = params.data;
    return product.runDoctor({ full, ...(facts === undefined ? {} : { facts }) });
  });
}
