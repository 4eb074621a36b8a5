/** A text that comes from elsewhere must not move the cursor of a terminal, or colour it. */
export function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if (character === "\t") return character;
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}
