import { scriptOf } from './characters.ts'
import { type Face, type FaceName, faceNames } from './face.ts'
import { refuseCharacter } from './font-error.ts'

/** A part of a text that can be shaped at once: one face, one script, one level of direction. */
export type Item = {
  readonly start: number
  readonly end: number
  /** Of the bidirectional algorithm: odd runs from right to left. */
  readonly level: number
  readonly face: Face
  readonly script: string | undefined
}

const FACE_OF_SCRIPT: Readonly<Record<string, FaceName>> = {
  Arab: 'arabic',
  Hani: 'han',
  Hira: 'han',
  Kana: 'han',
  Hang: 'hangul',
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Splits `text` between two places into items, in the order in which it is read. Throws `fonts.no_glyph`. */
export function itemize(
  text: string,
  [start, end]: readonly [number, number],
  levelAt: (index: number) => number,
  faces: (name: FaceName) => Face,
): Item[] {
  const items: Item[] = []
  let open: Item | undefined
  for (const { segment, index } of graphemes.segment(text.slice(start, end))) {
    const at = start + index
    const script = scriptOf(segment)
    const face = faceFor(segment, script, open, faces)
    const level = levelAt(at)
    const isSame = open?.face === face && open.level === level && isOneScript(open.script, script)
    if (open && isSame) open = { ...open, end: at + segment.length, script: open.script ?? script }
    else {
      if (open) items.push(open)
      open = { start: at, end: at + segment.length, level, face, script }
    }
  }
  return open ? [...items, open] : items
}

/** What all scripts share joins the script beside it. */
function isOneScript(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b
}

function faceFor(
  segment: string,
  script: string | undefined,
  open: Item | undefined,
  faces: (name: FaceName) => Face,
): Face {
  // Digits and points keep the face of the letters before them, so that a line does not change its look within.
  if (script === undefined && open?.face.covers(segment)) return open.face
  const first = FACE_OF_SCRIPT[script ?? ''] ?? 'latin'
  const names = [first, ...faceNames.filter((name) => name !== first)]
  for (const name of names) {
    const face = faces(name)
    if (face.covers(segment)) return face
  }
  return refuseCharacter('fonts.no_glyph', 'no face has a character of the text', missingIn(segment, names, faces))
}

/** The character of a cluster that stands in the way; the first when each is in a face and no face has all. */
function missingIn(segment: string, names: readonly FaceName[], faces: (name: FaceName) => Face): string {
  const characters = [...segment]
  return characters.find((character) => !names.some((name) => faces(name).covers(character))) ?? segment
}
