import type { EmbeddedFont } from './embedded-font.ts'
import { number } from './pdf-file.ts'

/** The faces of the document, by the names that the pages' resources give them. */
export type Fonts = { readonly regular: EmbeddedFont; readonly bold: EmbeddedFont }

export type Face = keyof Fonts

/** Red, green, blue, each from 0 to 1. */
export type Colour = readonly [number, number, number]

export type Ink = { readonly face: Face; readonly size: number; readonly colour: Colour }

/** A4 and its margins, in points; the origin is the lower left corner. */
export const PAGE = { width: 595.28, height: 841.89, left: 68, right: 527.28, top: 760, bottom: 78 } as const

export const INK: Colour = [0.13, 0.15, 0.18]
export const SOFT: Colour = [0.42, 0.46, 0.5]
export const ACCENT: Colour = [0.05, 0.32, 0.38]
export const LINE: Colour = [0.78, 0.81, 0.83]
export const SHADE: Colour = [0.94, 0.96, 0.96]

/** Collects what is drawn on one page, as the operators of its content stream. */
export class PageCanvas {
  readonly #fonts: Fonts
  readonly #operators: string[] = []

  constructor(fonts: Fonts) {
    this.#fonts = fonts
  }

  widthOf(text: string, { face, size }: Ink): number {
    return this.#fonts[face].widthOf(text, size)
  }

  text(text: string, x: number, y: number, ink: Ink): void {
    this.#show(x, y, ink, `${this.#fonts[ink.face].encode(text)} Tj`)
  }

  textEndingAt(text: string, right: number, y: number, ink: Ink): void {
    this.text(text, right - this.widthOf(text, ink), y, ink)
  }

  /** The words spread over the whole width. Word spacing (`Tw`) does nothing to two-byte codes, so gaps are explicit. */
  justified(words: readonly string[], x: number, y: number, width: number, ink: Ink): void {
    const slack = width - this.widthOf(words.join(' '), ink)
    const gap = (-1000 * slack) / (Math.max(words.length - 1, 1) * ink.size)
    const font = this.#fonts[ink.face]
    const strings = words.map((word, i) => font.encode(i < words.length - 1 ? `${word} ` : word))
    this.#show(x, y, ink, `[${strings.join(number(gap))}] TJ`)
  }

  rule(x: number, y: number, width: number, colour: Colour, weight = 0.6): void {
    this.#operators.push(`q ${rgb(colour)} RG ${weight} w ${points(x, y)} m ${points(x + width, y)} l S Q`)
  }

  /** A rectangle from its lower left corner, filled, framed or both. */
  box(x: number, y: number, width: number, height: number, colours: { fill?: Colour; line?: Colour }): void {
    const { fill, line } = colours
    const paint = fill && line ? 'B' : fill ? 'f' : 'S'
    const set = [fill && `${rgb(fill)} rg`, line && `${rgb(line)} RG 0.6 w`].filter(Boolean).join(' ')
    this.#operators.push(`q ${set} ${points(x, y)} ${points(width, height)} re ${paint} Q`)
  }

  content(): Buffer {
    return Buffer.from(`${this.#operators.join('\n')}\n`, 'latin1')
  }

  #show(x: number, y: number, { face, size, colour }: Ink, operator: string): void {
    this.#operators.push(`BT /${face} ${size} Tf ${rgb(colour)} rg ${points(x, y)} Td ${operator} ET`)
  }
}

function rgb(colour: Colour): string {
  return colour.map(number).join(' ')
}

function points(x: number, y: number): string {
  return `${number(x)} ${number(y)}`
}
