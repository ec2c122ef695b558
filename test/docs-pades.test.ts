import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fillForm } from '../docs/examples/fill-form.ts'
import { renewArchive } from '../docs/examples/renew-archive.ts'
import { signForEach } from '../docs/examples/sign-again-and-again.ts'
import { signerFrom, signFile } from '../docs/examples/sign-file.ts'
import { archiveTools, signForTheArchive } from '../docs/examples/sign-for-the-archive.ts'
import { completeSignature, prepareSignature } from '../docs/examples/sign-in-stages.ts'
import { validateFile } from '../docs/examples/validate-file.ts'
import { validate } from '../src/pades/index.ts'
import { bytesSource, listFields, openPdf } from '../src/pdf/index.ts'
import { buildPdf } from '../src/pdf/testing/pdf-builder.ts'
import { signBytes } from '../src/pki/index.ts'
import type { Holder } from '../src/pki/testing/authority.ts'
import { makeTemporaryDirectory, type TemporaryDirectory } from './support/temporary-directory.ts'
import { startTrustServices, type TrustServices } from './support/trust-services.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/pades.md'), 'utf8')
const EXAMPLES = join(root, 'docs/examples')

describe('the page about the engine', () => {
  test('shows every example as it stands in its file', () => {
    const shown = [...page.matchAll(/\(examples\/([\w-]+\.ts)\)\n\n```ts\n([\s\S]*?)```/g)]
    expect(shown.map(([, name]) => name).toSorted()).toEqual(readdirSync(EXAMPLES).toSorted())
    expect(page.match(/```ts/g)).toHaveLength(shown.length)
    for (const [, name = '', code] of shown) expect(code, name).toBe(readFileSync(join(EXAMPLES, name), 'utf8'))
  })

  test.each([
    ['pades', 'src/pades/pades-error.ts'],
    ['pdf', 'src/pdf/pdf-error.ts'],
    ['pki', 'src/pki/pki-error.ts'],
  ])('names every code of %s, and no other', (room, path) => {
    const codes = [...readFileSync(join(root, path), 'utf8').matchAll(/\| '([\w.]+)'/g)].map(([, code]) => code)
    const listed = [...page.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(10)
    expect(listed.filter((code) => code?.startsWith(`${room}.`))).toEqual(codes)
  })
})

describe('the examples on it', () => {
  let services: TrustServices
  let directory: TemporaryDirectory
  let ana: Holder
  beforeAll(async () => {
    services = await startTrustServices()
    directory = await makeTemporaryDirectory('examples')
    ana = services.person('Ana Ruiz')
  })
  afterAll(async () => {
    await services.stop()
    await directory.remove()
  })

  const form = buildPdf('table', { form: true })
  const anchors = () => services.chain.slice(-1).map((der) => new Uint8Array(der))
  const signer = () => {
    const pem = ana.key.export({ type: 'pkcs8', format: 'pem' }).toString()
    return signerFrom(ana.certificate, [...services.chain], pem)
  }
  const tools = () => archiveTools([services.tsa.url], anchors(), [...services.chain.slice(0, 1)])
  const verdicts = async (pdf: Uint8Array) => {
    const policy = { trustAnchors: anchors(), time: new Date(), revocation: 'none' } as const
    const { signatures } = await validate(bytesSource(pdf), policy)
    return signatures.map(({ indication, format }) => `${indication} ${format}`)
  }

  test('sign a file, which validates by itself only from B-LT on', async () => {
    const path = join(directory.path, 'signed.pdf')
    const print = vi.spyOn(console, 'log').mockReturnValue()
    writeFileSync(path, form)
    await signFile(path, signer())
    expect(await verdicts(readFileSync(path))).toEqual(['TOTAL-PASSED PAdES-B-B'])
    expect(await validateFile(path, anchors())).toBe(false)
    writeFileSync(path, await signForTheArchive(form, signer(), tools()))
    expect(await validateFile(path, anchors())).toBe(true)
    expect(print).toHaveBeenCalledTimes(2)
    print.mockRestore()
  })

  test('sign in stages, and not with the answer of another key', async () => {
    const { identity } = signer()
    const stored = await prepareSignature(form, identity)
    const other = services.person('Eva Soto').key
    const answerOf = (key: Holder['key']) => (data: Uint8Array) => Promise.resolve(signBytes(ana.algorithm, key, data))
    const wrong = completeSignature(form, stored, identity, answerOf(other))
    await expect(wrong).rejects.toMatchObject({ code: 'pades.wrong_signature' })
    const signed = await completeSignature(form, stored, identity, answerOf(ana.key))
    expect(await verdicts(signed)).toEqual(['TOTAL-PASSED PAdES-B-B'])
  })

  test('renew an archive', async () => {
    const archived = await signForTheArchive(form, signer(), tools())
    const renewed = await renewArchive(archived, tools())
    expect(renewed.length).toBeGreaterThan(archived.length)
    expect(await verdicts(renewed)).toEqual(['TOTAL-PASSED PAdES-B-LTA'])
  })

  test('sign one document for each of several signers', async () => {
    const tails = await signForEach(bytesSource(form), [signer(), signer()])
    for (const tail of tails) expect(await verdicts(Buffer.concat([form, tail]))).toEqual(['TOTAL-PASSED PAdES-B-B'])
    expect(tails).toHaveLength(2)
  })

  test('fill a form', async () => {
    const filled = openPdf(bytesSource(await fillForm(form, { city: 'Bogotá', unknown: 'x' })))
    expect(listFields(filled).find(({ name }) => name === 'city')).toMatchObject({ value: 'Bogotá' })
  })
})
