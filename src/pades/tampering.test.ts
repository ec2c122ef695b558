import { describe, expect, test } from 'vitest'
import { bytesSource, openPdf, PdfError } from '../pdf/index.ts'
import { buildPdf, kinds } from '../pdf/testing/pdf-builder.ts'
import { report, signed, signers } from './testing/signing.ts'

const LONG = process.env['CHANCERY_TEST_LONG'] === '1'
const FILES = 50
const STRIDE = 1000

/** Whole numbers below a bound, always the same ones. */
function numbers(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** Once or twice signed, of every kind, with more or less in it. */
async function sample(index: number): Promise<Buffer> {
  const kind = kinds[index % kinds.length] ?? 'table'
  const pdf = buildPdf(kind, { form: true, pages: 1 + (index % 5), noise: 6 * (index % 3) * (LONG ? 5000 : 1000) })
  const first = await signed(pdf, signers.ana, index % 2 === 0 ? { field: { existing: 'Sig_A' } } : {})
  return index % 3 === 0 ? signed(first, signers.eva, { field: { existing: 'Sig_B' } }) : first
}

function verdict(pdf: Buffer): Promise<string> {
  return report(pdf).then(
    ({ indication }) => indication,
    (error: unknown) => {
      if (error instanceof PdfError) return 'refused'
      throw error
    },
  )
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const { certificate, chain } = signers.ana.identity
const ISSUER = hex(certificate.issuer.raw)
const AUTHORITIES = chain.map(({ der }) => hex(der))

/**
 * Of the container, which no signature covers as it stands, three things may be written otherwise: a hexadecimal
 * digit in the other case; the name by which the signer's certificate is found (RFC 5652 5.3, RFC 5280 7.1); and
 * the certificate of an authority that another signature has too.
 */
function isIndifferent(pdf: Buffer, at: number, bit: number): boolean {
  const start = pdf.lastIndexOf('/Contents<', at) + 10
  const end = pdf.indexOf('>', start)
  if (start < 10 || at >= end) return false
  if (bit === 5 && /[a-f]/i.test(String.fromCharCode(pdf[at] ?? 0))) return true
  const lies = (text: string, from: number) => at >= from && at < from + text.length
  // The last one stands in a signed attribute.
  const name = pdf.lastIndexOf(ISSUER, pdf.lastIndexOf(ISSUER, end, 'latin1') - 1, 'latin1')
  const isSpare = (text: string) =>
    pdf.indexOf(text, 0, 'latin1') !== pdf.lastIndexOf(text, undefined, 'latin1') &&
    lies(text, pdf.indexOf(text, start, 'latin1'))
  return lies(ISSUER, name) || AUTHORITIES.some(isSpare)
}

function withFlip(pdf: Buffer, at: number, bit: number): Buffer {
  const spoiled = Buffer.from(pdf)
  spoiled[at] = (spoiled[at] ?? 0) ^ (1 << bit)
  return spoiled
}

describe(`${FILES} signed files, seeded with their number`, () => {
  test('no bit that flips, one in every thousand bytes, leaves a file valid', { timeout: 600_000 }, async () => {
    for (let file = 0; file < FILES; file++) {
      const pdf = await sample(file)
      const next = numbers(file + 1)
      expect([file, await verdict(pdf)]).toEqual([file, 'TOTAL-PASSED'])
      for (let start = 0; start < pdf.length; start += STRIDE) {
        const [at, bit] = [Math.min(start + next(STRIDE), pdf.length - 1), next(8)]
        if (isIndifferent(pdf, at, bit)) continue
        expect([file, at, bit, await verdict(withFlip(pdf, at, bit))]).not.toEqual([file, at, bit, 'TOTAL-PASSED'])
      }
    }
  })

  test('cut at the end of any revision, a file is that revision, or refused', { timeout: 600_000 }, async () => {
    for (let file = 0; file < FILES; file++) {
      const pdf = await sample(file)
      const text = pdf.toString('latin1')
      for (let at = text.indexOf('%%EOF'); at >= 0; at = text.indexOf('%%EOF', at + 1))
        expect(['TOTAL-PASSED', 'NO_SIGNATURE']).toContain(await verdict(pdf.subarray(0, at + 6)))
    }
  })
})

describe.each(kinds)('in a document of the kind %s', (kind) => {
  test('no changed byte leaves a signature valid', { timeout: 60_000 }, async () => {
    const pdf = await signed(buildPdf(kind, { form: true }), signers.ana, { field: { existing: 'Sig_A' } })
    for (let at = 0; at < pdf.length; at += LONG ? 1 : 29) {
      const bit = at % 8
      if (isIndifferent(pdf, at, bit)) continue
      expect([at, await verdict(withFlip(pdf, at, bit))]).not.toEqual([at, 'TOTAL-PASSED'])
    }
  })

  test('a file cut at any place is refused, and at the end of a revision it is that revision', async () => {
    const unsigned = buildPdf(kind, { form: true })
    const first = await signed(unsigned, signers.ana)
    const pdf = await signed(first, signers.juan)
    const ends = [unsigned.length, first.length, pdf.length]
    for (let size = 0; size < pdf.length; size += 97) {
      if (!ends.some((end) => end - size === 0 || end - size === 1))
        expect(() => openPdf(bytesSource(pdf.subarray(0, size)))).toThrow(PdfError)
    }
    for (const [count, end] of ends.entries()) {
      const { signatures } = await report(pdf.subarray(0, end))
      expect(signatures.map(({ indication }) => indication)).toEqual(Array(count).fill('TOTAL-PASSED'))
    }
  })
})
