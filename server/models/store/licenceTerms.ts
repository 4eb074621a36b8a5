import { CodedError } from "../../protocol/errors.ts";
import type { CatalogueEntry, Licence } from "../../protocol/models.ts";
import { isLicenceAccepted } from "./store.ts";

/** A licence with terms for its users that the user has not accepted yet; undefined where none is. */
export function licenceToAccept(
  homePath: string,
  { id, licence }: Pick<CatalogueEntry, "id" | "licence">,
): Licence | undefined {
  if (licence === undefined || licence.restrictions.length === 0) return undefined;
  return isLicenceAccepted(homePath, id, licence.id) ? undefined : licence;
}

/** Says that nothing is done before the terms of a model are accepted, and names them. */
export function licenceNotAccepted(
  model: string,
  { name, url, restrictions }: Licence,
): CodedError {
  const detail = `${model} is under ${name} (${url}): ${restrictions.join(" ")}`;
  return new CodedError("LICENCE_NOT_ACCEPTED", detail);
}
