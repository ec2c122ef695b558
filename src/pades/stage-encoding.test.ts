import { describe, expect, test } from 'vitest'
import { bytesSource } from '../pdf/index.ts'
import { buildPdf } from '../pdf/testing/pdf-builder.ts'
import { NOW } from '../pki/testing/authority.ts'
import {
  decodePrepared,
  decodeSigned,
  encodePrepared,
  encodeSigned,
  finish,
  PadesError,
  prepare,
  sign,
  stamp,
} from './index.ts'
import { firstOf, signers } from './testing/signing.ts'

const pdf = buildPdf('table')
const { ana, juan } = signers
const prepared = await prepare(bytesSource(pdf), { signer: ana.identity, signedAt: NOW })
const signed = await sign(prepared, ana)

describe.each([
  ['prepared', encodePrepared(prepared), decodePrepared, decodeSigned],
  ['signed', encodeSigned(signed), decodeSigned, decodePrepared],
] as const)('what was stored as %s is refused', (_, stored, decode, other) => {
  test.each([
    ['cut', stored.subarray(0, -1)],
    ['longer', Buffer.concat([stored, Buffer.of(0)])],
    ['nothing', Buffer.alloc(0)],
  ])('when it is %s', (_how, bytes) => {
    expect(() => decode(bytes)).toThrow(PadesError)
  })

  test('as another stage', () => {
    expect(() => other(stored)).toThrow(PadesError)
  })
})

test('a place for the container that is none is refused', () => {
  const { tail, hole } = prepared
  const wrong = [
    { start: hole.start + 2, bytes: hole.bytes },
    { start: hole.start, bytes: hole.bytes + 1 },
    { start: tail.length, bytes: 0 },
  ]
  for (const one of wrong) {
    expect(() => decodePrepared(encodePrepared({ ...prepared, hole: one }))).toThrow(PadesError)
    expect(() => decodeSigned(encodeSigned({ ...signed, hole: one }))).toThrow(PadesError)
  }
})

test('a stored signature is not stamped for another signer than it was made by', async () => {
  const never = () => Promise.reject(new Error('nobody is asked'))
  const timestamper = { digest: 'sha256', room: never, stamp: never, stampDigest: never } as const
  const back = decodeSigned(encodeSigned(signed))
  await expect(stamp(back, juan.identity, timestamper)).rejects.toMatchObject({ code: 'pades.signer_changed' })
})

test('what was stored comes back as it was, and is finished by whoever reads it', async () => {
  const later = decodePrepared(encodePrepared(prepared))
  expect(JSON.stringify(later)).toBe(JSON.stringify(prepared))
  const back = decodeSigned(encodeSigned(await sign(later, ana)))
  expect(Object.keys(back).toSorted()).toEqual(Object.keys(signed).toSorted())
  const { indication } = await firstOf(Buffer.concat([pdf, finish(back)]))
  expect(indication).toBe('TOTAL-PASSED')
})
