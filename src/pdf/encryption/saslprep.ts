/** Not ASCII, but a space (RFC 3454 C.1.2). */
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu
/** Commonly mapped to nothing (RFC 3454 B.1). */
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu
/** RFC 3454 C.2 to C.9, as far as composition leaves any: what controls, describes, directs or is no character. */
const PROHIBITED =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u{1d173}-\u{1d17a}\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\u{e0001}\u{e0020}-\u{e007f}]/u
/** Letters and signs that are written from right to left (RFC 3454 D.1). */
const RIGHT_TO_LEFT =
  /[[[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}]&&\p{L}]\u05be\u05c0\u05c3\u05f3\u05f4\u061b\u061f\u066d\u06d4\u0700-\u070d]/v
/** Characters that are written from left to right (RFC 3454 D.2), by the categories that are. */
const LEFT_TO_RIGHT = /[[\p{L}\p{Mc}\p{Nl}]--[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}]]/v

/**
 * A password in the form of SASLprep (RFC 4013), or undefined when it has characters that none may have.
 *
 * The tables of Unicode 3.2 are not carried: composition is that of the runtime, and characters that came later pass,
 * as RFC 3454 7 has it for a question (which opening a document is) and not for what is kept. Left to right is judged
 * by categories: signs that only the table calls so pass beside letters from right to left.
 */
export function saslprep(text: string): string | undefined {
  const mapped = text.replace(OTHER_SPACES, ' ').replace(NOTHING, '').normalize('NFKC')
  return PROHIBITED.test(mapped) || mixesDirections(mapped) ? undefined : mapped
}

/** RFC 3454 6: a text from right to left starts and ends so and has nothing from left to right. */
function mixesDirections(text: string): boolean {
  const characters = [...text]
  if (!characters.some((character) => RIGHT_TO_LEFT.test(character))) return false
  const isFramed = RIGHT_TO_LEFT.test(characters[0] ?? '') && RIGHT_TO_LEFT.test(characters.at(-1) ?? '')
  return !isFramed || LEFT_TO_RIGHT.test(text)
}
