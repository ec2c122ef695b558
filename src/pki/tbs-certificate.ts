import type { Bytes } from '../std/bytes.ts'
import { context, sequence, unsigned } from './der-writer.ts'
import { type Extension, encodeExtension } from './extension.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './signature-algorithm.ts'
import { time } from './time.ts'

/** A certificate before it is signed, as data. */
export type CertificateTemplate = {
  /** Big-endian bytes of a positive number below 2^159. */
  readonly serial: Bytes
  readonly algorithm: SignatureAlgorithm
  /** The issuer's subject name, byte for byte as its own certificate has it. */
  readonly issuer: Bytes
  readonly notBefore: Date
  readonly notAfter: Date
  /** Encoded Name. */
  readonly subject: Bytes
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes
  readonly extensions: readonly Extension[]
}

/** The bytes that the authority will sign. They can be stored before its key is used. */
export function buildTbsCertificate(template: CertificateTemplate): Bytes {
  return sequence(
    context(0, unsigned(2)),
    unsigned(template.serial),
    signatureAlgorithms[template.algorithm].encoded,
    template.issuer,
    sequence(time(template.notBefore), time(template.notAfter)),
    template.subject,
    template.spki,
    context(3, sequence(...template.extensions.map(encodeExtension))),
  )
}
