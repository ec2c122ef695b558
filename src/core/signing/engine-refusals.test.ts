import { describe, expect, test } from 'vitest'
import { PadesError, type PadesErrorCode } from '../../pades/index.ts'
import { PdfError, type PdfErrorCode } from '../../pdf/index.ts'
import { PkiError, type PkiErrorCode } from '../../pki/index.ts'
import { catalog } from '../errors.ts'
import { answers, refuseFor, translating } from './engine-refusals.ts'

/** Every code of the room below: none of them is the caller's business here. */
const ofCertificates = Object.keys({
  'pki.der': true,
  'pki.certificate': true,
  'pki.cms': true,
  'pki.algorithm': true,
  'pki.signature': true,
  'pki.status': true,
  'pki.status_unavailable': true,
  'pki.lint': true,
  'pki.exchange': true,
  'pki.timestamp': true,
  'pki.timestamp_unavailable': true,
} satisfies Record<PkiErrorCode, true>) as readonly PkiErrorCode[]

function errorOf(code: string): Error {
  return code.startsWith('pdf.')
    ? new PdfError(code as PdfErrorCode, 'said by the engine', { what: 'test' })
    : new PadesError(code as PadesErrorCode, 'said by the engine', { what: 'test' })
}

const told = Object.entries(answers).filter(([, answer]) => answer !== null)
const untold = Object.entries(answers).filter(([, answer]) => answer === null)

describe('what is no fault of the caller stays what it is', () => {
  test.each(untold)('%s', async (code) => {
    const error = errorOf(code)
    await expect(translating(() => Promise.reject(error))).rejects.toBe(error)
  })

  test.each(ofCertificates)('%s', async (code) => {
    const error = new PkiError(code, 'said by the engine')
    await expect(translating(() => Promise.reject(error))).rejects.toBe(error)
    expect(() => refuseFor(code, {})).not.toThrow()
  })

  test('an error without a code', async () => {
    const error = new TypeError('nobody foresaw this')
    await expect(translating(() => Promise.reject(error))).rejects.toBe(error)
  })
})

test.each(told)('%s is answered with %s', async (code, answer) => {
  const error = errorOf(code)
  await expect(translating(() => Promise.reject(error))).rejects.toMatchObject({
    code: answer,
    details: { what: 'test', reason: code.split('.')[1] },
    cause: error,
  })
  // What the caller can change is never called a fault of ours.
  expect(answer && catalog[answer][0]).toBe('invalid')
})

test('a result is handed on', async () => {
  expect(await translating(async () => 'made')).toBe('made')
})
