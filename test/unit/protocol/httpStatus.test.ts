import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../server/protocol/errors.ts";
import { codeOfHttpStatus } from "../../../server/protocol/httpStatus.ts";

describe("the status of a remote engine", () => {
  it.each<[number, ErrorCode | undefined]>([
    [200, undefined],
    [204, undefined],
    [302, undefined],
    [400, "ENDPOINT_REFUSED"],
    [401, "ENDPOINT_AUTH"],
    [403, "ENDPOINT_AUTH"],
    [404, "ENDPOINT_NOT_FOUND"],
    [405, "ENDPOINT_REFUSED"],
    [407, "ENDPOINT_AUTH"],
    [408, "TIMEOUT_ERROR"],
    [410, "ENDPOINT_NOT_FOUND"],
    [413, "ENDPOINT_REFUSED"],
    [418, "ENDPOINT_REFUSED"],
    [422, "ENDPOINT_REFUSED"],
    [429, "ENDPOINT_BUSY"],
    [500, "ENDPOINT_FAILED"],
    [502, "ENDPOINT_FAILED"],
    [503, "ENDPOINT_BUSY"],
    [504, "TIMEOUT_ERROR"],
  ])("%i stands for %s", (status, code) => {
    expect(codeOfHttpStatus(status)).toBe(code);
  });
});
