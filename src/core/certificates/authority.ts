import { sign } from 'node:crypto'
import { sql } from 'kysely'
import { assembleCertificate, assembleCertificateList, type LintedTbs, readCertificate } from '../../pki/index.ts'
import { ulid } from '../../std/ids.ts'
import type { Platform, Tx } from '../context.ts'
import { makeKey, storeKey } from '../keys/create-key.ts'
import type { KeyId } from '../keys/key.ts'
import { useKey } from '../keys/keys.store.ts'
import {
  AUTHORITY_ALGORITHM,
  draftIssuingCertificate,
  draftRootCertificate,
  type Issuer,
  newSerial,
} from './profile.ts'

/** The platform's certification authority, as use cases see it. */
export type Authority = {
  /** Names the authority in the rows of what it issued. */
  readonly id: string
  readonly issuer: Issuer
  /** DER. */
  readonly rootCertificate: Buffer
  /** DER. */
  readonly issuingCertificate: Buffer
  /** Signs a revocation list with the issuing key. Gives the list, DER. */
  signList(tbs: Uint8Array): Promise<Buffer>
  /** Signs bytes that passed lint with the issuing key; the caller has stored them before. Gives the certificate, DER. */
  sign(tbs: LintedTbs): Promise<Buffer>
}

type Parts = Pick<Platform, 'database' | 'clock' | 'random' | 'vault' | 'settings' | 'log'>

/** Opens the authority; at the first start makes a root and an issuing authority, in one transaction. */
export async function openAuthority(parts: Parts): Promise<Authority> {
  const { root, issuing } = await parts.database.platform.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('chancery/authority'))`.execute(tx)
    return (await readRows(tx)) ?? (await makeAuthorities(parts, tx))
  })
  const { spki } = readCertificate(issuing.certificate)
  const issuingKey = () => parts.database.platform.transaction((tx) => useKey(tx, parts.vault, issuing.keyId))
  return {
    id: issuing.id,
    issuer: issuerOf(parts, 'issuing', issuing.certificate),
    rootCertificate: root.certificate,
    issuingCertificate: issuing.certificate,
    async sign(tbs) {
      return Buffer.from(assembleCertificate(tbs, sign('sha384', tbs, await issuingKey()), spki))
    },
    async signList(tbs) {
      const signature = sign('sha384', tbs, await issuingKey())
      return Buffer.from(assembleCertificateList(tbs, AUTHORITY_ALGORITHM, signature, spki))
    },
  }
}

type Row = { readonly id: string; readonly keyId: KeyId; readonly certificate: Buffer }
type Rows = { readonly root: Row; readonly issuing: Row }

async function readRows(tx: Tx): Promise<Rows | undefined> {
  const rows = await tx.selectFrom('authorities').select(['id', 'role', 'key_id', 'certificate']).execute()
  const of = (role: 'root' | 'issuing'): Row | undefined => {
    const row = rows.find((candidate) => candidate.role === role)
    return row && { id: row.id, keyId: row.key_id as KeyId, certificate: row.certificate }
  }
  const root = of('root')
  const issuing = of('issuing')
  return root && issuing && { root, issuing }
}

/** The name under which the platform's own authorities stand. */
const ORGANISATION = 'Chancery'

async function makeAuthorities(parts: Parts, tx: Tx): Promise<Rows> {
  const now = parts.clock.now()
  const rootKey = await makeKey(parts, 'root', 'ES384')
  const issuingKey = await makeKey(parts, 'issuing', 'ES384')
  // The root signs both: itself and the one below it.
  const certified = (tbs: LintedTbs): Buffer =>
    Buffer.from(assembleCertificate(tbs, sign('sha384', tbs, rootKey.privateKey), rootKey.spki))
  const draft = (spki: Buffer) => ({ serial: newSerial(parts.random.bytes), spki, now })
  const rootCertificate = certified(draftRootCertificate(ORGANISATION, draft(rootKey.spki)).tbs)
  const rootIssuer = issuerOf(parts, 'root', rootCertificate)
  const issuingCertificate = certified(draftIssuingCertificate(ORGANISATION, rootIssuer, draft(issuingKey.spki)).tbs)
  await storeKey(tx, rootKey, null, now)
  await storeKey(tx, issuingKey, null, now)
  const id = (): string => ulid(now.getTime(), parts.random.bytes)
  const root = { id: id(), keyId: rootKey.id, certificate: rootCertificate }
  const issuing = { id: id(), keyId: issuingKey.id, certificate: issuingCertificate }
  await insertAuthority(tx, 'root', root, null, now)
  await insertAuthority(tx, 'issuing', issuing, root.id, now)
  parts.log.info({ root: root.id, issuing: issuing.id }, 'a root and an issuing authority were made')
  return { root, issuing }
}

async function insertAuthority(
  tx: Tx,
  role: 'root' | 'issuing',
  row: Row,
  parentId: string | null,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('authorities')
    .values({ id: row.id, role, key_id: row.keyId, parent_id: parentId, certificate: row.certificate, created_at: at })
    .execute()
}

function issuerOf(parts: Parts, role: 'root' | 'issuing', certificate: Buffer): Issuer {
  const { subject, spki } = readCertificate(certificate)
  const { publicUrl, pkiUrl } = parts.settings
  const origin = pkiUrl ?? publicUrl.replace(/^https:/, 'http:')
  return {
    algorithm: AUTHORITY_ALGORITHM,
    name: subject.raw,
    spki,
    certificateUrl: `${origin}/pki/${role}.cer`,
    revocationListUrl: `${origin}/pki/${role}.crl`,
  }
}
