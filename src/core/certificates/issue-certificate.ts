import { ulid } from '../../std/ids.ts'
import { announce, record } from '../audit/record.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { makeKey, type NewKey, storeKey } from '../keys/create-key.ts'
import { lockPerson, readPersonData, sealOfPerson } from '../people/people.store.ts'
import type { Identity, PersonId } from '../people/person.ts'
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
  // Made outside the transaction, which holds the person's row: it takes longer than everything else in it.
  const key = await makeKey(context, 'person', 'ES256')
  const state = await context.db.transaction((tx) => writeAhead(context, tx, personId, key))
  if ('active' in state) return { certificate: state.active, issued: false }
  const der = await context.authority.sign(state.pending.tbs)
  return await context.db.transaction((tx) => adopt(context, tx, personId, state.pending, der))
}

type WrittenAhead = { readonly pending: PendingCertificate } | { readonly active: Certificate }

async function writeAhead(context: Context, tx: Tx, personId: PersonId, key: NewKey): Promise<WrittenAhead> {
  const { clock, vault } = context
  // Two at once take turns: the second finds what the first has stored.
  const person = await lockPerson(tx, personId)
  if (!person?.proofingId || person.disabled) fail('person.not_verified')
  // Pending before active: one that is adopted between the two statements is seen by the second, never by neither.
  const waiting = await findPending(tx, personId)
  if (waiting) return { pending: waiting }
  const [active] = await listActive(tx, personId, clock.now())
  if (active) return { active }
  const { identity } = await readPersonData(tx, await sealOfPerson(tx, vault, personId), personId)
  if (!identity) fail('person.not_verified')
  return { pending: await draft(context, tx, { personId, proofingId: person.proofingId, identity, key }) }
}

async function draft(
  context: Context,
  tx: Tx,
  input: {
    readonly personId: PersonId
    readonly proofingId: string
    readonly identity: Identity
    readonly key: NewKey
  },
): Promise<PendingCertificate> {
  const { authority, clock, random, tenant } = context
  const { personId, proofingId, identity, key } = input
  const now = clock.now()
  const serial = newSerial(random.bytes)
  const drafted = draftPersonCertificate(authority.issuer, identity, { serial, spki: key.spki, now })
  const id = ulid(now.getTime(), random.bytes) as CertificateId
  await storeKey(tx, key, tenant.id, now)
  await insertPending(tx, {
    ...drafted,
    id,
    tenantId: tenant.id,
    personId,
    proofingId,
    authorityId: authority.id,
    keyId: key.id,
    name: PERSON_CERTIFICATE_NAME,
    profile: 'person',
    at: now,
  })
  await record(context, tx, {
    action: 'certificate.drafted',
    subject: { kind: 'certificate', id },
    details: { proofingId },
  })
  return { id, tbs: drafted.tbs }
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
