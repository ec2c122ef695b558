import type { Bytes } from '../../std/bytes.ts'
import { saslprep } from './saslprep.ts'

/** Bytes of a password that count from revision 5 on (ISO 32000-2 7.6.4.3.3). */
const MAX_BYTES = 127

/** PDFDocEncoding where it is not Latin-1 (ISO 32000-2 D.2), from 0x18 and from 0x80. */
const FROM_18 = '˘ˇˆ˙˝˛˚˜'
const FROM_80 = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž'
const EURO = 0xa0

const CODES = new Map<string, number>([
  ...[...FROM_18].map((character, i) => [character, 0x18 + i] as const),
  ...[...FROM_80].map((character, i) => [character, 0x80 + i] as const),
  ['€', EURO],
])

/**
 * The bytes that a password may stand for, the standard's own first.
 *
 * Up to revision 4 that is PDFDocEncoding, later SASLprep in UTF-8. Many writers take the UTF-8 of what was typed in
 * both cases, so that comes second where it differs.
 */
export function passwordBytes(password: string, revision: number): Bytes[] {
  const typed = Buffer.from(password, 'utf8')
  const standard = revision >= 5 ? utf8(saslprep(password)) : pdfDocEncoded(password)
  const forms = standard === undefined || standard.equals(typed) ? [typed] : [standard, typed]
  return revision >= 5 ? forms.map((form) => form.subarray(0, MAX_BYTES)) : forms
}

function utf8(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'utf8')
}

function pdfDocEncoded(text: string): Buffer | undefined {
  const codes = [...text].map((character) => CODES.get(character) ?? latinCode(character))
  return codes.includes(-1) ? undefined : Buffer.from(codes)
}

/** The code of a character that has the same in Latin-1, or -1. */
function latinCode(character: string): number {
  const code = character.codePointAt(0) ?? -1
  return code < 0x7f || (code > EURO && code <= 0xff && code !== 0xad) ? code : -1
}
