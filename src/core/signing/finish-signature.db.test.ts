import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { becomeHolder, type Company, type Holder, openCompany } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import {
  actionsOf,
  asAnswer,
  bytesOf,
  intentOf,
  readySigning,
  resultsOf,
  withFiles,
} from '../../../test/support/core-signing.ts'
import { DAY_MS } from '../../std/time.ts'
import { revokeOwnCertificate } from '../certificates/own-certificates.ts'
import type { FileStore } from '../documents/file-store.ts'
import { privatePlace } from '../keys/keys.store.ts'
import { finishSignature } from './finish-signature.ts'
import { type IntentId, LEASE_MS, MAX_ATTEMPTS } from './intent.ts'
import { type SignRequest, signDocument } from './sign-document.ts'

let platform: CorePlatform
let company: Company
let ana: Holder

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
  ana = await becomeHolder(company, 'anna+1@example.com')
})
// A number gets ten messages in a day.
beforeEach(() => platform.clock.move(DAY_MS))
afterAll(() => platform.close())

const sign = (holder: Holder, request: SignRequest) => signDocument(holder.context, request)
let spoiledCount = 0

describe('after a crash between the decision and the key', () => {
  /** Decides, and dies before the file is stored: the lease runs on. */
  async function killedAfterDecision() {
    const request = await readySigning(ana)
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const append: FileStore['append'] = async (base, tail) => {
      reached.resolve()
      await gate.promise
      return await platform.files.append(base, tail)
    }
    const late = signDocument(withFiles(ana, { append }), request).catch(asAnswer)
    await reached.promise
    const intent = await intentOf(platform, request)
    if (!intent) throw new Error('there is no intent')
    return { request, intent, late, wake: gate.resolve }
  }

  test('the intent is there before the key is used, with every byte that it will sign', async () => {
    const request = await readySigning(ana)
    const failing = withFiles(ana, { append: async () => Promise.reject(new Error('crash')) })
    await expect(signDocument(failing, request)).rejects.toThrow('crash')
    const intent = await intentOf(platform, request)
    expect(intent).toMatchObject({ status: 'authorised', attempts: 1, lease_until: null })
    expect(intent?.prepared).not.toBeNull()
    expect(await actionsOf(platform, intent?.id ?? '')).toEqual(['signature.authorised'])
    const jobs = await platform.behind.administer<{ payload: { intentId: string } }>(
      'select payload from graphile_worker._private_jobs',
    )
    expect(jobs.map(({ payload }) => payload.intentId)).toContain(intent?.id)
    // The same request goes on where the first one stopped, although its code is used.
    await expect(sign(ana, request)).resolves.toMatchObject({ level: 'B-B' })
    expect(await intentOf(platform, request)).toMatchObject({ status: 'completed', prepared: null })
  })

  test('the job finishes it when the lease has ended, and who wakes up late loses', async () => {
    const { request, intent, late, wake } = await killedAfterDecision()
    platform.clock.move(LEASE_MS)
    const finished = await finishSignature({ ...ana.context, actor: { kind: 'system', id: 'job' } }, intent.id)
    wake()
    expect(await late).toMatchObject({ code: 'signing.in_progress' })
    expect(await resultsOf(platform, request)).toBe(1)
    expect(await sign(ana, request)).toEqual(finished)
    expect(await intentOf(platform, request)).toMatchObject({ status: 'completed', attempts: 2 })
  })

  test('it is given up when the certificate was revoked', async () => {
    const mia = await becomeHolder(company, 'anna+3@example.com')
    const request = await readySigning(mia)
    const failing = withFiles(mia, { append: async () => Promise.reject(new Error('crash')) })
    await expect(signDocument(failing, request)).rejects.toThrow('crash')
    await revokeOwnCertificate(mia.context, mia.certificate.id, 'keyCompromise')
    const intent = await intentOf(platform, request)
    await expect(finishSignature(mia.context, intent?.id ?? ('' as IntentId))).rejects.toMatchObject({
      code: 'certificate.not_active',
    })
    expect(await intentOf(platform, request)).toMatchObject({
      status: 'aborted',
      failure: 'certificate_not_active',
      prepared: null,
    })
    expect(await resultsOf(platform, request)).toBe(0)
  })

  test('it is given up after as many attempts as are allowed', async () => {
    const request = await readySigning(ana)
    const failing = withFiles(ana, { append: async () => Promise.reject(new Error('crash')) })
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++)
      await expect(signDocument(failing, request)).rejects.toThrow('crash')
    await expect(sign(ana, request)).rejects.toMatchObject({ code: 'signing.failed' })
    expect(await intentOf(platform, request)).toMatchObject({ status: 'aborted', failure: 'too_many_attempts' })
    await expect(sign(ana, request)).rejects.toMatchObject({ code: 'signing.failed' })
  })
})

describe('nothing is released', () => {
  test('when the certificate was revoked between the challenge and the signature', async () => {
    const mia = await becomeHolder(company, 'anna+4@example.com')
    const request = await readySigning(mia)
    await revokeOwnCertificate(mia.context, mia.certificate.id, 'superseded')
    await expect(sign(mia, request)).rejects.toMatchObject({ code: 'certificate.not_active' })
  })

  test('when the certificate was revoked while the key signed, and the intent ends at once', async () => {
    const mia = await becomeHolder(company, 'anna+5@example.com')
    const request = await readySigning(mia)
    const append: FileStore['append'] = async (base, tail) => {
      await revokeOwnCertificate(mia.context, mia.certificate.id, 'keyCompromise')
      return await platform.files.append(base, tail)
    }
    await expect(signDocument(withFiles(mia, { append }), request)).rejects.toMatchObject({
      code: 'certificate.not_active',
    })
    const intent = await intentOf(platform, request)
    expect(intent).toMatchObject({ status: 'aborted', failure: 'certificate_not_active', prepared: null })
    expect(await actionsOf(platform, intent?.id ?? '')).toEqual(['signature.authorised', 'signature.aborted'])
    expect(await resultsOf(platform, request)).toBe(0)
  })

  test('when the key is not the one of the certificate', async () => {
    const mia = await becomeHolder(company, 'anna+6@example.com')
    const request = await readySigning(mia)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { keyId } = mia.certificate
    const planted = platform.vault.seal(privatePlace(keyId), privateKey.export({ format: 'der', type: 'pkcs8' }))
    await platform.behind.administer('update keys set private_sealed = $2 where id = $1', [keyId, planted])
    await expect(sign(mia, request)).rejects.toMatchObject({ code: 'pades.wrong_signature' })
    expect(await resultsOf(platform, request)).toBe(0)
  })

  test.each([
    [
      'bytes were changed',
      (file: Buffer) => Buffer.from(file.toString('latin1').replace('Page 1', 'Page 9'), 'latin1'),
    ],
    ['the revision is missing', (_: Buffer, base: Buffer) => base],
    ['something follows the signature', (file: Buffer) => Buffer.concat([file, Buffer.from('\n1 0 obj<<>>endobj\n')])],
  ])('when the stored file does not pass the check of our own: %s', async (_, spoil) => {
    const mia = await becomeHolder(company, `anna+spoiled${spoiledCount++}@example.com`)
    const request = await readySigning(mia)
    const append: FileStore['append'] = async (base, tail) => {
      const before = await bytesOf(platform, base)
      const spoiled = spoil(Buffer.concat([before, tail]), before)
      async function* pieces() {
        yield spoiled
      }
      return await platform.files.put(pieces(), { maxBytes: 10_000_000 })
    }
    await expect(signDocument(withFiles(mia, { append }), request)).rejects.toMatchObject({ code: 'signing.failed' })
    const intent = await intentOf(platform, request)
    expect(intent?.status).toBe('aborted')
    expect(intent?.failure).toMatch(/^self_check:/)
    expect(await resultsOf(platform, request)).toBe(0)
    await expect(sign(mia, request)).rejects.toMatchObject({ code: 'signing.failed' })
  })
})
