import { describe, expect, test } from 'vitest'
import { bytesSource, openPdf, PdfError } from '../pdf/index.ts'
import { buildPdf, kinds } from '../pdf/testing/pdf-builder.ts'
import { attacks, type Expected } from './testing/attacks/index.ts'
import { report, signed, signers } from './testing/signing.ts'

const { ana, juan } = signers

describe.each(Object.entries(attacks))('%s', (_, rows) => {
  test.each(rows.map(({ name, build, expected }) => [name, build, expected] as const))(
    '%s',
    async (_name, build, expected) => {
      const { signatures } = await report(await build())
      const said = expected.map(({ subIndication, code, changes }, i): Partial<Expected> => {
        const one = signatures[i]
        return {
          ...(one && { indication: one.indication }),
          ...(subIndication && one?.subIndication && { subIndication: one.subIndication }),
          ...(code && one?.reason && { code: one.reason.code }),
          ...(changes && one && { changes: one.changes.flat().map(({ kind }) => kind) }),
        }
      })
      expect(said).toEqual(expected)
    },
  )
})

describe.each(kinds)('in a document of the kind %s', (kind) => {
  test('no changed byte leaves a signature valid', async () => {
    const pdf = await signed(buildPdf(kind, { form: true }), ana, { field: { existing: 'Sig_A' } })
    const firstDigit = pdf.lastIndexOf('/Contents<') + 10
    for (let at = 0; at < pdf.length; at += 13) {
      const bit = at % 8
      // The case of a hexadecimal digit says nothing.
      if (bit === 5 && at >= firstDigit && /[a-f]/i.test(String.fromCharCode(pdf[at] ?? 0))) continue
      const spoiled = Buffer.from(pdf)
      spoiled[at] = (spoiled[at] ?? 0) ^ (1 << bit)
      const verdict = await report(spoiled).catch((error: unknown) => {
        if (error instanceof PdfError) return { indication: 'refused' }
        throw error
      })
      expect([at, verdict.indication]).not.toEqual([at, 'TOTAL-PASSED'])
    }
  })

  test('a file cut at any place is refused, and at the end of a revision it is that revision', async () => {
    const unsigned = buildPdf(kind, { form: true })
    const first = await signed(unsigned, ana)
    const pdf = await signed(first, juan)
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
