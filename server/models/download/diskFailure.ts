import { CodedError } from "../../protocol/errors.ts";

/** Any failure of writing as a coded one: the disk is full, or the folder cannot be written. */
export function diskFailure(path: string, thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown));
  if (thrown instanceof CodedError || !("code" in thrown)) return thrown;
  const code = String(thrown.code);
  if (/^(ENOSPC|EDQUOT|EFBIG)$/.test(code)) {
    return new CodedError("DISK_FULL", `${path}: ${thrown.message}.`, thrown);
  }
  if (code === "ELOOP") return new CodedError("DOWNLOAD_UNSAFE", `${path} is a link.`, thrown);
  if (/^(EACCES|EPERM|EROFS|EIO|ENODEV|ENXIO|ENOENT|ENOTDIR|ESTALE|EBADF)$/.test(code)) {
    return new CodedError("HOME_NOT_WRITABLE", `${path}: ${thrown.message}.`, thrown);
  }
  return thrown;
}
