import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { asBer, buildCms } from '../../src/pades/testing/cms.ts'
import {
  buildOcspRequest,
  buildTimestampRequest,
  checkTimestampToken,
  crlStatus,
  findPath,
  ocspStatus,
  readCertificate,
  readCertificateList,
  readOcspRequest,
  readOcspResponse,
  readSignedData,
  readTimestampRequest,
  readTimestampResponse,
  readTimestampToken,
  type StatusFinding,
} from '../../src/pki/index.ts'
import { NOW, newAuthority } from '../../src/pki/testing/authority.ts'
import { listAnswer, listEntry, ocspAnswer, subjectOf } from '../../src/pki/testing/status-answers.ts'
import { rightAnswer } from '../../src/pki/testing/timestamp.ts'
import { structureMutation } from '../support/hostile-der.ts'
import { byteMutations, type Mutation, spoiled } from '../support/hostile-mutations.ts'
import { runCases } from '../support/hostile-run.ts'

/* Encodings that are spoiled in some way: refused by a typed error, or read, and never believed when signed. */

const authority = newAuthority()
const ana = authority.person('Ana Ruiz')
const unit = authority.timestampUnit()
const responder = authority.ocspSigner()
const anchors = [readCertificate(authority.root.certificate)]
const intermediates = [readCertificate(authority.issuing.certificate)]
const subject = subjectOf(ana, authority.issuing)
const imprint = { digest: 'sha256', hash: createHash('sha256').update('x').digest() } as const
const timestampRequest = buildTimestampRequest({ imprint, nonce: Buffer.alloc(8, 7), certReq: true })
const timestampResponse = Buffer.from(await rightAnswer(timestampRequest, unit, authority))
const token = Buffer.from(readTimestampResponse(timestampResponse).token ?? [])
const cms = buildCms(ana.certificate, imprint.hash, (data) => data, {
  certificates: [ana.certificate, authority.issuing.certificate],
})

/** What was read, in a word; what is believed, and so must be what the right encoding says. */
type Reading = { readonly said: string; readonly believed?: unknown }
type Target = { readonly bytes: Uint8Array; readonly read: (bytes: Buffer) => Reading }

const targets: Readonly<Record<string, Target>> = {
  'a certificate': {
    bytes: ana.certificate,
    read(bytes) {
      const certificate = readCertificate(bytes)
      const path = findPath(certificate, { anchors, intermediates, time: NOW, purpose: 'documentSigning' })
      return path.ok ? { said: 'believed', believed: hex(certificate.der) } : { said: path.reason }
    },
  },
  'a container': { bytes: cms, read: (bytes) => ({ said: `${readSignedData(bytes).signerInfos.length} signers` }) },
  'a container in BER': {
    bytes: cms,
    read: (bytes) => ({ said: `${readSignedData(asBer(bytes)).signerInfos.length} signers` }),
  },
  'an OCSP request': {
    bytes: buildOcspRequest(subject),
    read: (bytes) => ({ said: `${readOcspRequest(bytes).certificateIds.length} asked` }),
  },
  'an OCSP response': {
    bytes: ocspAnswer({ subject, signer: responder }),
    read: (bytes) => statusRead(ocspStatus(readOcspResponse(bytes), subject)),
  },
  'a revocation list': {
    bytes: listAnswer({ issuer: authority.issuing, entries: listEntry(Buffer.of(5)) }),
    read: (bytes) => statusRead(crlStatus(readCertificateList(bytes), subject)),
  },
  'a time-stamp request': {
    bytes: timestampRequest,
    read: (bytes) => ({ said: readTimestampRequest(bytes).imprint.digest ?? 'none' }),
  },
  'a time-stamp response': {
    bytes: timestampResponse,
    read: (bytes) => ({ said: `status ${readTimestampResponse(bytes).status}` }),
  },
  'a time-stamp': {
    bytes: token,
    read(bytes) {
      const read = readTimestampToken(bytes)
      const check = checkTimestampToken(read, () => imprint.hash)
      const { content, signer } = read
      const believed = check.ok && [content, check.certificate.der, signer.signature].map(hex)
      return check.ok ? { said: 'believed', believed } : { said: check.code }
    },
  },
}

describe.each(Object.entries(targets))('%s', (name, { bytes, read }) => {
  const right = Buffer.from(bytes)
  const { believed } = read(right)

  test.each<[string, readonly Mutation[]]>([
    ['in its bytes', Object.values(byteMutations)],
    ['in its structure', [structureMutation]],
  ])('that is spoiled %s is refused, or says nothing else', { timeout: 300_000 }, async (where, mutations) => {
    await runCases({
      name: `${name} ${where}`,
      count: 600,
      long: 40_000,
      one(chance) {
        const reading = read(spoiled(right, mutations, chance))
        if (reading.believed !== undefined) expect(reading.believed).toEqual(believed)
        return reading.said
      },
    })
  })
})

/** A status without the bytes that it was read from: some of them are not signed. */
function statusRead(finding: StatusFinding): Reading {
  if (finding.status === 'unusable') return { said: finding.code }
  const { der: _, signer, ...rest } = finding
  return { said: 'believed', believed: { ...rest, signer: hex(signer.der) } }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
