import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { decimal } from '../decimal.ts'
import type { PdfDocument } from '../document.ts'
import { readString } from '../string-value.ts'

/** What is kept of a default appearance string: its font is replaced by one that is embedded. */
export type TextStyle = {
  /** In points; 0 asks for a size that fits. */
  readonly size: number
  /** Operators that set the colour; rebuilt from numbers, so that nothing else of the string gets into a page. */
  readonly colour: string
}

const OPERANDS: Readonly<Record<string, number>> = { g: 1, rg: 3, k: 4 }
const MAX_LENGTH = 4096
const MAX_SIZE = 1000

/** Reads /DA (ISO 32000-2 12.7.4.3). What is not understood counts as absent: black, of a size that fits. */
export function readTextStyle(document: PdfDocument, value: Bytes | undefined): TextStyle {
  const bytes = value === undefined ? undefined : readString(document.resolve(value))
  const tokens = asBuffer(bytes ?? Buffer.alloc(0))
    .toString('latin1', 0, MAX_LENGTH)
    .split(/[\0\t\n\f\r ]+/)
  let size = 0
  let colour = '0 g'
  tokens.forEach((token, i) => {
    if (token === 'Tf') size = numbersBefore(tokens, i, 1)?.[0] ?? 0
    const count = OPERANDS[token]
    const operands = count === undefined ? undefined : numbersBefore(tokens, i, count)
    if (operands) colour = `${operands.map(decimal).join(' ')} ${token}`
  })
  return { size: Math.min(MAX_SIZE, Math.abs(size)), colour }
}

function numbersBefore(tokens: readonly string[], end: number, count: number): number[] | undefined {
  const texts = tokens.slice(Math.max(0, end - count), end)
  const isSound =
    texts.length === count && texts.every((text) => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) && text.length < 20)
  return isSound ? texts.map(Number) : undefined
}
