import { type Prepared, prepare } from '../../pades/index.ts'
import { type CmsSigner, prepareCmsSigner } from '../../pki/index.ts'
import type { UsableCertificate } from '../certificates/own-certificates.ts'
import type { Context } from '../context.ts'
import type { StoredDocument } from '../documents/document.ts'
import { translating } from './engine-refusals.ts'
import { withFile } from './open-stored.ts'

/** Where the signature shows: an existing field, or a new one; invisible without a place. */
export type FieldWish =
  | { readonly existing: string }
  | {
      readonly name?: string
      /** Counted from 1. */
      readonly page: number
      /** Left, bottom, right, top in points. */
      readonly rectangle: readonly [number, number, number, number]
    }

export type SignatureWish = { readonly field?: FieldWish; readonly reason?: string; readonly location?: string }

/** The signer's part of the container, which needs no key: the certificate and the authority above it. */
export function cmsSignerOf(context: Pick<Context, 'authority'>, certificate: UsableCertificate): CmsSigner {
  const chain = [context.authority.issuingCertificate]
  return prepareCmsSigner({ certificate: certificate.der, chain, algorithm: 'ecdsa-sha256' })
}

/**
 * Writes the revision that will hold the signature and the attributes that the key is to sign. Has no consequence:
 * nothing is stored, no key is used.
 *
 * @throws DomainError document.unreadable, document.signing_forbidden, signing.field_unusable, with the reason
 */
export async function prepareSignature(
  context: Context,
  document: StoredDocument,
  certificate: UsableCertificate,
  signer: { readonly name: string },
  wish: SignatureWish,
): Promise<Prepared> {
  const signedAt = context.clock.now()
  const { field, reason, location } = wish
  return await withFile(context, document.content.sha256, (file) =>
    translating(() =>
      prepare(file, {
        signer: cmsSignerOf(context, certificate),
        signedAt,
        name: signer.name,
        ...(field === undefined
          ? {}
          : { field: fieldRequest(field), appearance: { lines: lines(signer.name, signedAt, reason) } }),
        ...(reason === undefined ? {} : { reason }),
        ...(location === undefined ? {} : { location }),
      }),
    ),
  )
}

function fieldRequest(wish: FieldWish) {
  if ('existing' in wish) return wish
  const { name, page, rectangle } = wish
  return { page: page - 1, rectangle, ...(name === undefined ? {} : { name }) }
}

function lines(name: string, at: Date, reason: string | undefined): readonly string[] {
  const moment = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return reason === undefined ? [name, moment] : [name, moment, reason]
}
