import { createHash } from 'node:crypto'
import { type Certificate, messageDigestOf } from '../../pki/index.ts'
import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { checkContentType, containerFindings, type ReadContainer, readContainer } from './container-format.ts'
import {
  algorithmsOf,
  checkAlgorithmProtection,
  type DigestOf,
  type SignatureAlgorithms,
  verifyDigest,
  verifyValue,
} from './cryptographic-verification.ts'
import type { Finding, Problem } from './problem.ts'
import type { SignatureIdentity } from './report.ts'
import { identifySigner } from './signing-certificate.ts'

/** What is known about a container whoever is trusted, and whenever it is looked at. */
export type ContainerFacts = {
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
  /** Absent when the container cannot be read. */
  readonly container?: ReadContainer
  readonly certificate?: Certificate
  readonly others: readonly Certificate[]
  readonly algorithms?: SignatureAlgorithms
  readonly identity?: SignatureIdentity
}

/**
 * The part of basic signature validation (EN 319 102-1 5.3) that needs no trust: form, the signing certificate, and
 * the cryptographic verification.
 */
export async function examineContainer(contents: Bytes, digestOf: DigestOf): Promise<ContainerFacts> {
  const container = readContainer(contents)
  if (!('signer' in container)) return { problems: container, findings: [], others: [] }
  const identified = identifySigner(container)
  const { certificate } = identified
  const algorithms = algorithmsOf(container)
  return {
    ...identified,
    ...(algorithms && { algorithms, identity: identityOf(container, algorithms) }),
    container,
    problems: [
      ...checkContentType(container),
      ...(await verifyDigest(container, digestOf)),
      ...checkAlgorithmProtection(container),
      ...identified.problems,
      ...(certificate ? verifyValue(container, certificate) : []),
    ],
    findings: [...identified.findings, ...containerFindings(container)],
  }
}

function identityOf({ signer }: ReadContainer, { digest, signature }: SignatureAlgorithms): SignatureIdentity {
  return {
    digest,
    algorithm: signature,
    attributesHash: createHash(digest).update(signer.signed.encoded).digest('hex'),
    documentHash: asBuffer(messageDigestOf(signer.signed.attributes) ?? new Uint8Array()).toString('hex'),
    value: asBuffer(signer.signature).toString('base64'),
  }
}
