import { announce } from '../audit/record.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { actingPerson } from '../onboarding/own-onboarding.ts'
import { type Certificate, HOLDER_REASONS, type HolderReason, standing } from './certificate.ts'
import { findCertificate, listActive, revoke } from './certificates.store.ts'
import { type Issuance, issueCertificate } from './issue-certificate.ts'

/** The acting person's certificates that can sign now, newest first. */
export async function listOwnCertificates(context: Context): Promise<readonly Certificate[]> {
  const { id } = actingPerson(context)
  return await context.db.transaction((tx) => listActive(tx, id, context.clock.now()))
}

/** The acting person's active certificate, issued if there is none. @throws DomainError person.not_verified */
export async function requestOwnCertificate(context: Context): Promise<Issuance> {
  return await issueCertificate(context, actingPerson(context).id)
}

/** One certificate of the acting person, whatever its state. @throws DomainError certificate.not_found */
export async function readOwnCertificate(context: Context, id: string): Promise<Certificate> {
  return await context.db.transaction((tx) => ownCertificate(context, tx, id))
}

/**
 * Revokes a certificate of the acting person, for ever. Calling again changes nothing: the first reason stays.
 *
 * @throws DomainError certificate.not_found, certificate.reason_invalid
 */
export async function revokeOwnCertificate(context: Context, id: string, reason: string): Promise<Certificate> {
  const given = HOLDER_REASONS.find((known): known is HolderReason => known === reason)
  if (!given) fail('certificate.reason_invalid', { accepted: HOLDER_REASONS })
  return await context.db.transaction(async (tx) => {
    const certificate = await ownCertificate(context, tx, id)
    if (await revoke(tx, certificate.id, given, context.clock.now())) {
      const subject = { kind: 'certificate', id: certificate.id }
      await announce(context, tx, { action: 'certificate.revoked', subject, details: { reason: given } })
    }
    return await ownCertificate(context, tx, id)
  })
}

async function ownCertificate(context: Context, tx: Tx, id: string): Promise<Certificate> {
  const certificate = await findCertificate(tx, id)
  // Somebody else's is as good as none, and so is one that the authority has not signed yet.
  if (!certificate || certificate.personId !== actingPerson(context).id || certificate.status === 'pending') {
    fail('certificate.not_found')
  }
  return certificate
}

export type UsableCertificate = Certificate & { readonly der: Buffer }

/** The acting person's certificate, if it can sign now. @throws DomainError certificate.not_found, certificate.not_active */
export async function usableCertificate(context: Context, tx: Tx, id: string): Promise<UsableCertificate> {
  const certificate = await ownCertificate(context, tx, id)
  const { der } = certificate
  if (der === null || standing(certificate, context.clock.now()) !== 'Active') fail('certificate.not_active')
  return { ...certificate, der }
}
