import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  asPerson,
  becomeHolder,
  type Company,
  type Holder,
  logIn,
  type Member,
  openCompany,
  proveOnce,
  verifyPhone,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { openssl } from '../../../test/support/openssl.ts'
import { findPath, OID, readCertificate, readCertificatePolicies } from '../../pki/index.ts'
import { DAY_MS, HOUR_MS } from '../../std/time.ts'
import { type Authority, openAuthority } from './authority.ts'
import { HOLDER_REASONS, standing } from './certificate.ts'
import { issueCertificate } from './issue-certificate.ts'
import {
  listOwnCertificates,
  readOwnCertificate,
  requestOwnCertificate,
  revokeOwnCertificate,
} from './own-certificates.ts'
import { PERSON_LIFETIME_MS, PERSON_POLICY } from './profile.ts'

let platform: CorePlatform
let company: Company
let people = 0

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
})
beforeEach(() => platform.clock.move(HOUR_MS))
afterAll(() => platform.close())

async function proven(nationalId = '1234567890101'): Promise<Member> {
  const member = await logIn(company, `anna+${people++}@example.com`)
  await verifyPhone(member, { nationalId })
  await proveOnce(member)
  return member
}
const holder = (nationalId = '1234567890101') => becomeHolder(company, `anna+${people++}@example.com`, { nationalId })

type Row = { id: string; status: string; serial: Buffer; tbs: Buffer; der: Buffer | null; key_id: string }
const rowsOf = (member: Member) =>
  platform.behind.administer<Row>('select * from certificates where person_id = $1 order by created_at', [member.id])
const keysOfPeople = async (): Promise<number> => {
  const [row] = await platform.behind.administer<{ n: number }>(
    "select count(*)::int as n from keys k where purpose = 'person' and not exists (select from certificates c where c.key_id = k.id)",
  )
  return row?.n ?? -1
}
const withAuthority = (member: Member, change: Partial<Authority>) =>
  asPerson(company, member.id, { ...platform, authority: { ...platform.authority, ...change } })

describe('no certificate is issued', () => {
  test('to somebody who was not proven', async () => {
    const member = await logIn(company, 'anna+new@example.com')
    await expect(requestOwnCertificate(member.context)).rejects.toMatchObject({ code: 'person.not_verified' })
    expect(await rowsOf(member)).toEqual([])
  })

  test('to somebody who was disabled since', async () => {
    const member = await proven()
    await platform.behind.administer('update people set disabled_at = now() where id = $1', [member.id])
    await expect(requestOwnCertificate(member.context)).rejects.toMatchObject({ code: 'person.not_verified' })
  })

  test('to a person of another company', async () => {
    const member = await proven()
    const other = await openCompany(platform)
    await expect(issueCertificate(other.context, member.id)).rejects.toMatchObject({ code: 'person.not_verified' })
  })
})

describe('when the authority fails', () => {
  test('the bytes to be signed were stored before, and the next call finishes them', async () => {
    const member = await proven()
    const failing = withAuthority(member, {
      sign: async (tbs) => {
        const [pending] = await rowsOf(member)
        expect(pending).toMatchObject({ status: 'pending', der: null })
        expect(pending?.tbs.equals(Buffer.from(tbs))).toBe(true)
        throw new Error('the module does not answer')
      },
    })
    await expect(requestOwnCertificate(failing)).rejects.toThrow('the module does not answer')
    const [pending] = await rowsOf(member)
    const { certificate, issued } = await requestOwnCertificate(member.context)
    expect(issued).toBe(true)
    expect(certificate.serial).toEqual(pending?.serial)
    expect(await rowsOf(member)).toHaveLength(1)
    expect(await keysOfPeople()).toBe(0)
  })

  test('a pending certificate is nobody’s to see or revoke', async () => {
    const member = await proven()
    const failing = withAuthority(member, { sign: async () => Promise.reject(new Error('no')) })
    await expect(requestOwnCertificate(failing)).rejects.toThrow('no')
    const [pending] = await rowsOf(member)
    const id = pending?.id ?? ''
    expect(await listOwnCertificates(member.context)).toEqual([])
    await expect(readOwnCertificate(member.context, id)).rejects.toMatchObject({ code: 'certificate.not_found' })
    await expect(revokeOwnCertificate(member.context, id, 'unspecified')).rejects.toMatchObject({
      code: 'certificate.not_found',
    })
  })

  test('what was signed and not stored is signed again, with the same serial number', async () => {
    const member = await proven()
    const signed: Buffer[] = []
    const dying = withAuthority(member, {
      sign: async (tbs) => {
        signed.push(await platform.authority.sign(tbs))
        throw new Error('crash')
      },
    })
    await expect(requestOwnCertificate(dying)).rejects.toThrow('crash')
    const { certificate } = await requestOwnCertificate(member.context)
    expect(new X509Certificate(signed[0] ?? '').serialNumber).toBe(certificate.serial.toString('hex').toUpperCase())
    const rows = await platform.behind.administer<{ action: string }>(
      'select action from audit where subject_id = $1 order by seq',
      [certificate.id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['certificate.drafted', 'certificate.issued'])
  })
})

test('32 requests in parallel issue one certificate, with one key', async () => {
  for (let round = 0; round < 5; round++) {
    const member = await proven()
    const results = await Promise.all(Array.from({ length: 32 }, () => requestOwnCertificate(member.context)))
    expect(new Set(results.map(({ certificate }) => certificate.id)).size).toBe(1)
    expect(results.filter(({ issued }) => issued)).toHaveLength(1)
    expect(await rowsOf(member)).toHaveLength(1)
    expect(await keysOfPeople()).toBe(0)
  }
})

test('a request that comes while another one finishes gets that one’s certificate', async () => {
  const member = await proven()
  const slow = withAuthority(member, {
    sign: async (tbs) => {
      // The other request begins and ends between this one's two transactions.
      await requestOwnCertificate(member.context)
      return await platform.authority.sign(tbs)
    },
  })
  const { certificate } = await requestOwnCertificate(slow)
  expect(certificate.status).toBe('active')
  expect(await rowsOf(member)).toHaveLength(1)
})

test('several processes that start at once make one authority', async () => {
  const parts = { ...platform }
  const [first, ...others] = await Promise.all(Array.from({ length: 4 }, () => openAuthority(parts)))
  for (const other of others) expect(other.rootCertificate).toEqual(first?.rootCertificate)
  expect(first?.id).toBe(platform.authority.id)
})

describe('an issued certificate', () => {
  const LONG = '2000000470101'
  let juan: Holder
  let long: Holder
  beforeAll(async () => {
    juan = await holder()
    long = await holder(LONG)
  })
  const derOf = ({ certificate }: Holder) => certificate.der ?? Buffer.alloc(0)

  test('says who was proven, and nothing more', () => {
    const x509 = new X509Certificate(derOf(juan))
    expect(x509.subject.split('\n').sort()).toEqual(
      ['C=GT', 'CN=Juan José Pérez López', 'SN=Pérez López', 'GN=Juan José', 'serialNumber=PNOGT-1234567890101'].sort(),
    )
    expect(x509.subjectAltName).toBeUndefined()
    expect(x509.ca).toBe(false)
  })

  test('has a common name of 64 characters at most, and the whole name beside it', () => {
    const { subject } = readCertificate(derOf(long))
    const x509 = new X509Certificate(derOf(long))
    const commonName = /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? ''
    expect([...commonName].length).toBeLessThanOrEqual(64)
    expect(x509.subject).toContain('GN=María de los Ángeles Guadalupe')
    expect(x509.subject).toContain('SN=Fernández de Córdova y Villavicencio')
    expect(subject.raw.length).toBeGreaterThan(0)
  })

  test('is for signing documents, under our own policy, and claims no qualification', () => {
    const certificate = readCertificate(derOf(juan))
    // qcStatements of RFC 3739 §3.2.6, where QcCompliance would stand.
    expect(certificate.extensions.has('1.3.6.1.5.5.7.1.3')).toBe(false)
    const policies = certificate.extensions.get(OID.certificatePolicies)
    expect(policies && readCertificatePolicies(policies.value)).toEqual([PERSON_POLICY])
  })

  test('is under the platform’s root', () => {
    const { rootCertificate, issuingCertificate } = platform.authority
    const [leaf, issuing, root] = [derOf(juan), issuingCertificate, rootCertificate].map(
      (der) => new X509Certificate(der),
    )
    if (!leaf || !issuing || !root) throw new Error('a certificate is missing')
    expect(leaf.verify(issuing.publicKey) && leaf.checkIssued(issuing)).toBe(true)
    expect(issuing.verify(root.publicKey) && issuing.checkIssued(root)).toBe(true)
    expect(root.verify(root.publicKey)).toBe(true)
    const path = findPath(readCertificate(derOf(juan)), {
      intermediates: [readCertificate(issuingCertificate)],
      anchors: [readCertificate(rootCertificate)],
      time: platform.clock.now(),
    })
    expect(path.ok).toBe(true)
  })

  test('is read by openssl as it was meant', async () => {
    const text = await openssl(['x509', '-inform', 'DER', '-noout', '-text'], derOf(juan))
    expect(text).toContain('X509v3 Key Usage: critical')
    expect(text).toMatch(/Key Usage: critical\n\s+Non Repudiation\n/)
    expect(text).toContain(`Policy: ${PERSON_POLICY}`)
    expect(text).toMatch(/CA Issuers - URI:https?:\/\/sign\.example\.com\/pki\/issuing\.cer\n/)
    expect(text).toContain('Signature Algorithm: ecdsa-with-SHA384')
    expect(text).not.toMatch(/qcStatements|Subject Alternative/i)
  })

  test('lives a year from now', () => {
    const { notBefore, notAfter } = juan.certificate
    expect(notAfter.getTime() - notBefore.getTime()).toBe(PERSON_LIFETIME_MS)
    expect(notBefore < platform.clock.now()).toBe(true)
    expect(standing(juan.certificate, notBefore)).toBe('Active')
    expect(standing(juan.certificate, new Date(notAfter.getTime() - 1))).toBe('Active')
    expect(standing(juan.certificate, notAfter)).toBe('Expired')
  })

  test('is the only one until it expires, and is followed by another', async () => {
    const ana = await holder()
    expect((await requestOwnCertificate(ana.context)).issued).toBe(false)
    platform.clock.move(366 * DAY_MS)
    expect(await listOwnCertificates(ana.context)).toEqual([])
    const { certificate, issued } = await requestOwnCertificate(ana.context)
    expect([issued, certificate.id === ana.certificate.id]).toEqual([true, false])
  })
})

describe('a revocation', () => {
  test.each(['', 'cACompromise', 'certificateHold', 'removeFromCRL', 'KEYCOMPROMISE', '__proto__'])(
    'for the reason %j is refused',
    async (reason) => {
      const ana = await holder()
      await expect(revokeOwnCertificate(ana.context, ana.certificate.id, reason)).rejects.toMatchObject({
        code: 'certificate.reason_invalid',
      })
      expect((await readOwnCertificate(ana.context, ana.certificate.id)).status).toBe('active')
    },
  )

  test('by somebody else is refused like one of a certificate that never was', async () => {
    const [ana, eva] = [await holder(), await holder()]
    const other = await openCompany(platform)
    const stranger = await becomeHolder(other, 'anna+stranger@example.com')
    for (const id of [eva.certificate.id, stranger.certificate.id, '01ARZ3NDEKTSV4RRFFQ69G5FAV', '', "'"]) {
      await expect(revokeOwnCertificate(ana.context, id, 'unspecified'), id).rejects.toMatchObject({
        code: 'certificate.not_found',
        details: {},
      })
    }
    expect((await readOwnCertificate(eva.context, eva.certificate.id)).status).toBe('active')
  })

  test('is made once: the first reason and moment stay, and one event tells of it', async () => {
    const ana = await holder()
    const { id } = ana.certificate
    const results = await Promise.all(
      HOLDER_REASONS.flatMap((reason) => [reason, reason]).map((reason) =>
        revokeOwnCertificate(ana.context, id, reason),
      ),
    )
    for (const certificate of results) expect(certificate.status).toBe('revoked')
    const before = await platform.behind.administer(
      'select revoked_at, revocation_reason from certificates where id = $1',
      [id],
    )
    platform.clock.move(HOUR_MS)
    await revokeOwnCertificate(ana.context, id, 'superseded')
    expect(
      await platform.behind.administer('select revoked_at, revocation_reason from certificates where id = $1', [id]),
    ).toEqual(before)
    const events = await platform.behind.administer(
      "select id from events where type = 'certificate.revoked' and subject_id = $1",
      [id],
    )
    expect(events).toHaveLength(1)
  })

  test('ends a certificate for ever: the next one is another', async () => {
    const ana = await holder()
    await revokeOwnCertificate(ana.context, ana.certificate.id, 'keyCompromise')
    const { certificate } = await requestOwnCertificate(ana.context)
    expect(certificate.id).not.toBe(ana.certificate.id)
    expect(certificate.serial).not.toEqual(ana.certificate.serial)
    expect((await readOwnCertificate(ana.context, ana.certificate.id)).status).toBe('revoked')
  })
})
