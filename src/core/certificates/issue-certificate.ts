import { ulid } from '../../std/ids.ts'
import { announce, record } from '../audit/record.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { makeKey, type NewKey, storeKey } from '../keys/create-key.ts'
import { findPerson, readPersonData, sealOfPerson } from '../people/people.store.ts'
import type { PersonId } from '../people/person.ts'
import { type Certificate, type CertificateId, PERSON_CERTIFICATE_NAME } from './certificate.ts'
import {
  activate,
  findCertificate,
  findPending,
  insertPending,
  listActive,
  type PendingCertificate,
} from './certificates.store.ts'
import { draftPersonCertificate, newSerial } from './profile.ts'

export type Issuance = { readonly certificate: Certificate; readonly issued: boolean }

/**
 * The active certificate of a person; issued if there is none. Write-ahead: the linted bytes and the key are
 * committed, then the authority signs, then the certificate is committed. A crash between leaves a pending row
 * that the next call finishes with the same bytes and serial number.
 *
 * May be called twice, and in parallel: a person has one pending certificate at most.
 * @throws DomainError person.not_verified, certificate.lint_failed
 */
export async function issueCertificate(context: Context, personId: PersonId): Promise<Issuance> {
  const [active] = await context.db.transaction((tx) => listActive(tx, personId, context.clock.now()))
  if (active) return { certificate: active, issued: false }
  const key = await makeKey(context, 'person', 'ES256')
  const pending = await context.db.transaction((tx) => writeAhead(context, tx, personId, key))
  const der = await context.authority.sign(pending.tbs)
  return await context.db.transaction((tx) => adopt(context, tx, personId, pending, der))
}

async function writeAhead(context: Context, tx: Tx, personId: PersonId, key: NewKey): Promise<PendingCertificate> {
  const { authority, clock, random, tenant, vault } = context
  const person = await findPerson(tx, personId)
  if (!person?.proofingId || person.disabled) fail('person.not_verified')
  const waiting = await findPending(tx, personId)
  if (waiting) return waiting
  const { identity } = await readPersonData(tx, await sealOfPerson(tx, vault, personId), personId)
  if (!identity) fail('person.not_verified')
  const now = clock.now()
  const draft = { serial: newSerial(random.bytes), spki: key.spki, now }
  const drafted = draftPersonCertificate(authority.issuer, identity, draft)
  const id = ulid(now.getTime(), random.bytes) as CertificateId
  await storeKey(tx, key, tenant.id, now)
  const inserted = await insertPending(tx, {
    ...drafted,
    id,
    tenantId: tenant.id,
    personId,
    proofingId: person.proofingId,
    authorityId: authority.id,
    keyId: key.id,
    name: PERSON_CERTIFICATE_NAME,
    profile: 'person',
    at: now,
  })
  if (!inserted) return await pendingOfAnother(tx, personId)
  const subject = { kind: 'certificate', id }
  await record(context, tx, { action: 'certificate.drafted', subject, details: { proofingId: person.proofingId } })
  return { id, tbs: drafted.tbs }
}

/** Somebody in parallel stored theirs first; ours would be a twin. */
async function pendingOfAnother(tx: Tx, personId: PersonId): Promise<PendingCertificate> {
  const pending = await findPending(tx, personId)
  if (!pending) fail('request.limited')
  return pending
}

async function adopt(
  context: Context,
  tx: Tx,
  personId: PersonId,
  pending: PendingCertificate,
  der: Buffer,
): Promise<Issuance> {
  const issued = await activate(tx, pending.id, der)
  const certificate = await findCertificate(tx, pending.id)
  if (!certificate) throw new Error('a certificate vanished between two statements of one transaction')
  if (issued) {
    await announce(context, tx, {
      action: 'certificate.issued',
      subject: { kind: 'certificate', id: pending.id },
      details: { personId, serial: certificate.serial.toString('hex') },
    })
  }
  return { certificate, issued }
}
