import { refuseCharacter } from './font-error.ts'

/**
 * What a reader cannot see: controls, halves of surrogate pairs, private and unassigned characters, ends of lines, and
 * everything that Unicode lets a renderer leave out. The overrides, embeddings and isolates of the bidirectional
 * algorithm are among the last: they make a reader see another order than the one that is stored.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
/** The three marks that only say which way a neutral character runs; a person types them to repair mixed text. */
const DIRECTION_MARKS = new Set(['\u200e', '\u200f', '\u061c'])
/** Joiner and non-joiner: letters of these scripts look different with them, all others only seem the same. */
const JOINERS = new Set(['\u200c', '\u200d'])
const JOINING_LETTER = /[\p{Script=Arabic}\p{Script=Devanagari}]/u

const ASCII = /^[\x20-\x7e]+$/
const ASCII_LETTER = /[A-Za-z]/

/**
 * Refuses text that is not what it looks like. Throws `fonts.unfit_character`.
 */
export function checkCharacters(text: string): void {
  if (text === '' || ASCII.test(text)) return
  let before = ''
  for (const character of text) {
    if (INVISIBLE.test(character) && !isKnownMark(character, before))
      refuseCharacter('fonts.unfit_character', 'the text has a character that a reader cannot see', character)
    before = character
  }
}

function isKnownMark(character: string, before: string): boolean {
  return DIRECTION_MARKS.has(character) || (JOINERS.has(character) && JOINING_LETTER.test(before))
}

const SCRIPTS: readonly (readonly [tag: string, letters: RegExp])[] = [
  ['Latn', /\p{Script=Latin}/u],
  ['Cyrl', /\p{Script=Cyrillic}/u],
  ['Grek', /\p{Script=Greek}/u],
  ['Arab', /\p{Script=Arabic}/u],
  ['Hani', /\p{Script=Han}/u],
  ['Hira', /\p{Script=Hiragana}/u],
  ['Kana', /\p{Script=Katakana}/u],
  ['Hang', /\p{Script=Hangul}/u],
  ['Deva', /\p{Script=Devanagari}/u],
]

/** The ISO 15924 tag of the script that a character belongs to; undefined for what all scripts share. */
export function scriptOf(text: string): string | undefined {
  if (ASCII.test(text)) return ASCII_LETTER.test(text) ? 'Latn' : undefined
  return SCRIPTS.find(([, letters]) => letters.test(text))?.[0]
}
