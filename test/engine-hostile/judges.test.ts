import { execFile, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { attacks } from '../../src/pades/testing/attacks/index.ts'
import { buildCms, type CmsVariant } from '../../src/pades/testing/cms.ts'
import { ana, authority, report, signedWith } from '../../src/pades/testing/signing.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { OID, oid } from '../../src/pki/index.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

/* Where another validator comes to another verdict, the reason is known and stands here. */

const has = (tool: string, flag: string) => spawnSync(tool, [flag]).error === undefined
const folder = await makeTemporaryDirectory('hostile-judges')
afterAll(() => folder.remove())

let count = 0
function put(bytes: Bytes): string {
  const path = join(folder.path, `${++count}`)
  writeFileSync(path, bytes)
  return path
}

/** What pdfsig says of the signatures whose mathematics it can follow. */
function pdfsig(file: Bytes): Promise<readonly boolean[]> {
  return new Promise((resolve) => {
    execFile('pdfsig', ['-nocert', put(file)], { timeout: 10_000 }, (_, said) => {
      const verdicts = String(said).match(/Signature Validation: .*/g) ?? []
      resolve(verdicts.map((line) => line.endsWith('Signature is Valid.')))
    })
  })
}

/** pdfsig passes over a signature in a field that has its widget below it, as `Sig_B` of these documents has. */
const PASSED_OVER = [
  'what may come later: a second signature in a field that waited for it: valid here alone',
  'what may come later: a second signature where a certification allows forms: valid here alone',
]

/** What is wrong with the mathematics, and not with the document, the chain or what came later. */
const MATHEMATICS = new Set(['HASH_FAILURE', 'SIG_CRYPTO_FAILURE'])

describe.skipIf(!has('pdfsig', '-v'))('pdfsig agrees about the mathematics', () => {
  const rows = Object.entries(attacks).flatMap(([kind, list]) =>
    list.map(({ name, build }) => [kind, name, build] as const),
  )

  test('of every file that was tampered with', { timeout: 120_000 }, async () => {
    const differences: string[] = []
    for (const [kind, name, build] of rows) {
      const file = await build()
      const [theirs, ours] = await Promise.all([pdfsig(file), report(file)])
      const valid = ours.signatures.filter(({ indication }) => indication === 'TOTAL-PASSED').length
      const wrong = ours.signatures.filter(({ problems }) =>
        problems.some(({ subIndication }) => MATHEMATICS.has(subIndication)),
      )
      if (theirs.filter(Boolean).length < valid) differences.push(`${kind}: ${name}: valid here alone`)
      if (wrong.length > 0 && theirs.every(Boolean)) differences.push(`${kind}: ${name}: valid there alone`)
    }
    expect(differences).toEqual(PASSED_OVER)
  })
})

describe.skipIf(!has('openssl', 'version'))('openssl agrees about the container', () => {
  const BY_KEY = 'openssl goes by the kind of the key, whatever algorithm is named'
  const pdf = buildPdf('table')
  const chain = [ana.certificate, authority.issuing.certificate]
  const without = (type: string) => (right: Bytes[]) => right.filter((one) => !Buffer.from(one).includes(oid(type)))

  /** True when openssl verifies the container over the bytes around it, as CAdES. */
  function verifies(file: Buffer): boolean {
    const [, start = 0, end = 0] = /\/ByteRange\[0 (\d+) (\d+) /.exec(file.toString('latin1'))?.map(Number) ?? []
    const padded = Buffer.from(file.subarray(start + 1, end - 1).toString('latin1'), 'hex')
    const { status } = spawnSync('openssl', [
      ...[
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-in',
        put(padded.subarray(0, padded.readUInt16BE(2) + 4)),
      ],
      ...['-content', put(Buffer.concat([file.subarray(0, start), file.subarray(end)])), '-out', put(Buffer.alloc(0))],
      ...['-CAfile', put(Buffer.from(new X509Certificate(authority.root.certificate).toString()))],
      ...['-purpose', 'any', '-attime', '1795176000'],
    ])
    return status === 0
  }

  test.each<[string, CmsVariant, string?]>([
    ['that is right', {}],
    ['over another document', { messageDigest: Buffer.alloc(32) }],
    ['without the digest', { attributes: without(OID.messageDigest) }],
    ['that names no certificate', { attributes: without(OID.signingCertificateV2) }],
    ['that names another certificate', { signingCertificate: authority.root.certificate }],
    ['without certificates', { noCertificates: true }],
    ['without the authority', { certificates: [ana.certificate] }],
    ['of an unknown algorithm', { signatureOid: '1.2.3.4' }, BY_KEY],
    ['of an algorithm of another key', { signatureOid: OID.sha256WithRsa }, BY_KEY],
    ['without a signer', { signerCount: 0 }],
    ['of two signers that are the same', { signerCount: 2 }, 'a PDF signature has one signer'],
    ['with the certificates in another order', { certificates: chain.toReversed() }],
  ])('%s', async (_, variant, reason) => {
    const file = await signedWith(pdf, ana, (digest, signBytes) =>
      buildCms(ana.certificate, digest, signBytes, { certificates: chain, ...variant }),
    )
    const ours = (await report(file)).indication === 'TOTAL-PASSED'
    expect([ours, verifies(file)]).toEqual([ours, reason === undefined ? ours : !ours])
  })
})
