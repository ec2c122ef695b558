import { deflateSync } from 'node:zlib'
import { decimal } from '../decimal.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import type { FontBook } from '../text/font-book.ts'
import { showRun } from '../text/show-text.ts'
import { type GlyphRun, widthOf } from '../text/typesetter.ts'
import { type Ref, writeRef } from '../values.ts'

/** Below this many bytes packing costs more than it saves. */
const WORTH_PACKING = 200

/** A quarter turn of what is shown, counter-clockwise in degrees. */
export type Turn = 0 | 90 | 180 | 270

/** Collects the operators of a form XObject and what they need. Lengths in points, from the lower left corner. */
export class Drawing {
  readonly #operators: string[] = []
  readonly #fonts = new Map<string, Ref>()
  readonly #images = new Map<string, Ref>()

  add(...operators: string[]): void {
    this.#operators.push(...operators)
  }

  /** Shows the glyphs of a line; the pen starts at `x` on the base line `y`. */
  line(book: FontBook, runs: readonly GlyphRun[], { x, y, size }: { x: number; y: number; size: number }): void {
    let pen = x
    for (const run of runs) {
      const font = book.font(run.face)
      this.#fonts.set(font.name, font.ref)
      this.add(
        `/${font.name} ${decimal(size)} Tf`,
        `1 0 0 1 ${decimal(pen)} ${decimal(y)} Tm`,
        showRun(run, font, size),
      )
      pen += widthOf([run]) * size
    }
  }

  /** Shows an image in a rectangle. */
  image(ref: Ref, [x, y, width, height]: readonly [number, number, number, number]): void {
    const name = `I${this.#images.size}`
    this.#images.set(name, ref)
    this.add(`q ${[width, 0, 0, height, x, y].map(decimal).join(' ')} cm /${name} Do Q`)
  }

  /** Writes the form XObject: a box of `width` times `height` as it is read, turned as a whole. */
  write(writer: RevisionWriter, [width, height]: readonly [number, number], turn: Turn = 0): Ref {
    const data = Buffer.from(this.#operators.join('\n'), 'latin1')
    const packed = data.length >= WORTH_PACKING
    const entries = new Map([
      ['Type', '/XObject'],
      ['Subtype', '/Form'],
      ['BBox', `[0 0 ${decimal(width)} ${decimal(height)}]`],
      ...(turn === 0 ? [] : ([['Matrix', `[${matrixOf(turn, width, height).map(decimal).join(' ')}]`]] as const)),
      ['Resources', `<<${resource('Font', this.#fonts)}${resource('XObject', this.#images)}>>`],
      ...(packed ? ([['Filter', '/FlateDecode']] as const) : []),
    ])
    const ref = writer.allocate()
    const dict = new Map([...entries].map(([key, value]) => [key, Buffer.from(value, 'latin1')] as const))
    writer.putStream(ref, dict, packed ? deflateSync(data) : data)
    return ref
  }
}

function resource(kind: string, refs: ReadonlyMap<string, Ref>): string {
  if (refs.size === 0) return ''
  return `/${kind}<<${[...refs].map(([name, ref]) => `/${name} ${writeRef(ref)}`).join('')}>>`
}

/** Turns the box and moves it back to the origin. */
function matrixOf(turn: Exclude<Turn, 0>, width: number, height: number): number[] {
  switch (turn) {
    case 90:
      return [0, 1, -1, 0, height, 0]
    case 180:
      return [-1, 0, 0, -1, width, height]
    case 270:
      return [0, -1, 1, 0, 0, width]
  }
}
