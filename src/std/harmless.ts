/** A line of text by strangers with nothing in it that steers a terminal or turns the text around. */
export function harmless(line: string): string {
  return line.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '\u{FFFD}')
}
