import { CodedError } from '../std/error.ts'

/**
 * - `fonts.no_glyph`: no face has the character; `details.codePoint` names it as `U+0041`
 * - `fonts.unfit_character`: a character that shows nothing or turns the text around it, which a document that is to
 *   be signed must not hold; `details.codePoint` names it
 */
export type FontErrorCode = 'fonts.no_glyph' | 'fonts.unfit_character'

/** A refusal of this folder. */
export class FontError extends CodedError<FontErrorCode> {}

/** Throws a {@link FontError} that names the character. */
export function refuseCharacter(code: FontErrorCode, message: string, character: string): never {
  const codePoint = character.codePointAt(0) ?? 0
  throw new FontError(code, message, { codePoint: `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}` })
}
