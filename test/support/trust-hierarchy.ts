import {
  authorityInfoAccess,
  basicConstraints,
  certificatePolicies,
  crlDistributionPoints,
  type Extension,
  keyUsage,
} from '../../src/pki/index.ts'
import {
  type Authority,
  authorityExtensions,
  authorityName,
  type Holder,
  type IssueInput,
  issue,
  type KeyKind,
  ocspSignerExtensions,
  personName,
  timestampUnitExtensions,
} from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'

/** The two authorities, by the names that stand in their addresses. */
export type AuthorityId = 'root' | 'issuing'

/** Everybody who has a key. The certificates name the addresses at which their status is found. */
export type TrustHierarchy = Authority & {
  /** Who answers for what the authority of that name issued. */
  readonly ocsp: Readonly<Record<AuthorityId, Holder>>
  readonly tsa: Holder
  readonly tsa2: Holder
  /** A stranger that calls itself like the responder of that authority. */
  readonly impostor: Readonly<Record<AuthorityId, Holder>>
  /** A time-stamp unit that nobody certified. */
  readonly strangeUnit: Holder
}

export type HierarchyOptions = {
  /** Kind of the keys that sign OCSP answers and time-stamps; P-256 unless told, as it is the fastest. */
  readonly serviceKeys?: KeyKind
  /** A change of both time-stamp units, of their end for example. */
  readonly timestampUnits?: Partial<IssueInput>
  /** The same for both OCSP responders. */
  readonly responders?: Partial<IssueInput>
}

const FROM = new Date('2026-01-01T00:00:00Z')
const ends = {
  root: new Date('2056-01-01T00:00:00Z'),
  issuing: new Date('2051-01-01T00:00:00Z'),
  service: new Date('2046-01-01T00:00:00Z'),
  person: new Date('2029-01-01T00:00:00Z'),
}

/** Issues to everybody. `url` is the server at which all services will be. */
export function makeHierarchy(url: string, options: HierarchyOptions): TrustHierarchy {
  const root = issue({
    kind: 'P-384',
    subject: authorityName('Trust Root'),
    extensions: authorityExtensions(1),
    profile: 'authority',
    notBefore: FROM,
    notAfter: ends.root,
  })
  const issuing = issue({
    issuer: root,
    subject: authorityName('Trust Issuing'),
    extensions: [...authorityExtensions(0), ...placesOf(url, 'root')],
    profile: 'authority',
    notBefore: FROM,
    notAfter: ends.issuing,
  })
  const holders = { root, issuing }
  const service = serviceIssuer(holders, options.serviceKeys)
  const unit = (name: string, more: Partial<IssueInput> = {}) =>
    service('issuing', name, [...timestampUnitExtensions, ...placesOf(url, 'issuing')], more)
  const responder = (id: AuthorityId, more: Partial<IssueInput> = {}) =>
    service(id, `Trust Status ${id}`, ocspSignerExtensions, more)
  const impostor = (id: AuthorityId) =>
    issue({ subject: authorityName(`Trust Status ${id}`), extensions: ocspSignerExtensions, ...LASTING })
  return {
    ...holders,
    ocsp: { root: responder('root', options.responders), issuing: responder('issuing', options.responders) },
    tsa: unit('Trust Time 1', options.timestampUnits),
    tsa2: unit('Trust Time 2', options.timestampUnits),
    impostor: { root: impostor('root'), issuing: impostor('issuing') },
    strangeUnit: issue({ subject: authorityName('Trust Time 1'), extensions: timestampUnitExtensions, ...LASTING }),
    person: (name, kind = 'P-256', more = {}) =>
      issue({
        kind,
        issuer: issuing,
        subject: personName(name),
        extensions: personExtensions(url),
        profile: 'person',
        notBefore: FROM,
        notAfter: ends.person,
        ...more,
      }),
    timestampUnit: (kind = 'P-256', more = {}) => unit('Trust Time', { kind, ...more }),
    ocspSigner: (kind = 'P-256', more = {}) => responder('issuing', { kind, ...more }),
  }
}

/** No lint profile is for services, so they are issued without. */
const UNLINTED = { profile: 'authority', spoil: (template) => template } as const satisfies Partial<IssueInput>

const LASTING = { ...UNLINTED, notBefore: FROM, notAfter: ends.service } as const

function serviceIssuer(holders: Readonly<Record<AuthorityId, Holder>>, kind: KeyKind = 'P-256') {
  return (id: AuthorityId, name: string, extensions: readonly Extension[], more: Partial<IssueInput>): Holder =>
    issue({
      kind,
      issuer: holders[id],
      subject: authorityName(name),
      extensions,
      notBefore: FROM,
      notAfter: ends.service,
      ...UNLINTED,
      ...more,
    })
}

function personExtensions(url: string): Extension[] {
  return [
    basicConstraints({ ca: false }),
    keyUsage('nonRepudiation'),
    certificatePolicies([{ policy: '1.3.6.1.4.1.99999.1.1' }]),
    ...placesOf(url, 'issuing'),
  ]
}

/** Where the status of what an authority issued is found, and its own certificate. */
function placesOf(url: string, id: AuthorityId): Extension[] {
  return [
    authorityInfoAccess({ ocsp: [`${url}/ocsp/${id}`], caIssuers: [`${url}/aia/${id}.cer`] }),
    crlDistributionPoints([`${url}/crl/${id}.crl`]),
  ]
}

/** Root and issuing authority, encoded, lowest first. */
export function chainOf({ issuing, root }: Authority): readonly Bytes[] {
  return [issuing.certificate, root.certificate]
}
