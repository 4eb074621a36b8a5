/** A regular expression for outputs that begin with a text and go on as they like. */
export function regexBeginningWith(text: string): string {
  return `${text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}[\\s\\S]*`;
}
