import { readDer } from '../../der-reader.ts'
import { sequence } from '../../der-writer.ts'
import {
  authorityKeyIdentifier,
  buildName,
  type Extension,
  nameConstraints,
  OID,
  readName,
  subjectKeyIdentifier,
} from '../../index.ts'
import { authority, type CertificateSpec, type Chain, chainName, person } from '../chain-builder.ts'
import { deep, type PathVector, plain } from './path-vector.ts'

const CLAUSE = 'RFC 5280 6.1'
const past = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2021-01-01T00:00:00Z' }
const ca = { subject: chainName('ca'), issuer: 'root' } as const
const keyId = (byte: number) => Buffer.alloc(20, byte)
const own = (byte: number): Record<string, Extension> => ({ own: subjectKeyIdentifier(keyId(byte)) })
const above = (byte: number): Record<string, Extension> => ({ above: authorityKeyIdentifier(keyId(byte)) })

/** Certificates between root and person; the person is of the first. */
function between(authorities: Record<string, CertificateSpec>, leaf: CertificateSpec = {}): Chain {
  const [first] = Object.keys(authorities)
  return { root: authority(), ...authorities, person: person({ ...(first && { issuer: first }), ...leaf }) }
}

/** Authorities that have all certified each other. */
function mesh(size: number): Chain {
  const names = Array.from({ length: size }, (_, at) => `m${at}`)
  const links = names.flatMap((a) => names.filter((b) => b !== a).map((b) => [a, b] as const))
  const certificates = links.map(([a, b]) => [
    `${a}-by-${b}`,
    authority({ subject: chainName(a), key: a, issuerName: chainName(b), signer: b }),
  ])
  const leaf = person({ issuerName: chainName('m0'), signer: 'm0' })
  return { root: authority(), ...Object.fromEntries(certificates), person: leaf }
}

function line(length: number): Chain {
  const authorities = Array.from({ length }, (_, at) => [`a${at}`, authority()])
  return { root: authority(), ...Object.fromEntries(authorities), person: person() }
}

const crossed: Chain = {
  first: authority(),
  second: authority({ issuer: 'second' }),
  own: authority({ subject: chainName('ca'), key: 'ca', issuer: 'first' }),
  cross: authority({ subject: chainName('ca'), key: 'ca', issuer: 'second' }),
  person: person({ issuer: 'own' }),
}

/** Finding the path: several issuers, cross certificates, circles, wrong order, and what is said when there is none. */
export const buildingVectors: readonly PathVector[] = [
  {
    name: 'certificates in the wrong order',
    clause: CLAUSE,
    chain: deep,
    input: { intermediates: ['ca', 'upper'] },
    path: ['person', 'ca', 'upper', 'root'],
  },
  {
    name: 'the anchor among the others as well',
    clause: CLAUSE,
    chain: deep,
    input: { intermediates: ['root', 'ca', 'upper', 'person'] },
    path: ['person', 'ca', 'upper', 'root'],
  },
  {
    name: 'the same certificate many times',
    clause: CLAUSE,
    chain: plain,
    input: { intermediates: Array.from({ length: 300 }, () => 'ca') },
    path: ['person', 'ca', 'root'],
  },
  {
    name: 'two authorities of one name with different keys',
    clause: CLAUSE,
    chain: between({ ca: authority(), other: authority({ ...ca, notBefore: '2024-01-01T00:00:00Z' }) }),
    path: ['person', 'ca', 'root'],
  },
  {
    name: 'an old and a new certificate for one key',
    clause: CLAUSE,
    chain: between({ ca: authority(), old: authority({ ...ca, ...past, key: 'ca' }) }),
    path: ['person', 'ca', 'root'],
  },
  {
    name: 'the key identifier tells which of two it is',
    clause: 'RFC 5280 4.2.1.1',
    chain: between(
      { ca: authority({ extensions: own(1) }), other: authority({ ...ca, extensions: own(2) }) },
      { extensions: above(1) },
    ),
    path: ['person', 'ca', 'root'],
  },
  {
    name: 'an issuer identifier without a key',
    clause: 'RFC 5280 4.2.1.1',
    chain: plain,
    defect: {
      ca: { extensions: own(1) },
      person: { extensions: { above: { id: OID.authorityKeyIdentifier, critical: false, value: sequence() } } },
    },
  },
  {
    name: 'an issuer without a key identifier',
    clause: 'RFC 5280 4.2.1.1',
    chain: plain,
    defect: { person: { extensions: above(1) } },
  },
  {
    name: 'the key identifier of another key',
    clause: 'RFC 5280 4.2.1.1',
    reason: 'no_path',
    chain: plain,
    defect: { ca: { extensions: own(1) }, person: { extensions: above(2) } },
    at: 'person',
  },
  {
    name: 'a key identifier that cannot be read',
    clause: 'RFC 5280 4.2.1.1',
    reason: 'malformed',
    chain: plain,
    defect: {
      ca: { extensions: own(1) },
      person: { extensions: { above: { id: OID.authorityKeyIdentifier, critical: false, value: Buffer.of(5, 0) } } },
    },
    at: 'ca',
  },
  {
    name: 'a cross certificate leads to the anchor',
    clause: CLAUSE,
    chain: crossed,
    input: { anchors: ['second'], intermediates: ['own', 'cross'] },
    path: ['person', 'cross', 'second'],
    opensslDiffers: 'it does not go back from the issuer that it took first',
  },
  {
    name: 'a cross certificate leads away from the anchor',
    clause: CLAUSE,
    chain: crossed,
    input: { anchors: ['first'], intermediates: ['cross', 'own'] },
    path: ['person', 'own', 'first'],
    opensslDiffers: 'it does not go back from the issuer that it took first',
  },
  {
    name: 'an authority that is an anchor itself ends the path',
    clause: 'RFC 5280 6.1.1 (d)',
    chain: deep,
    input: { anchors: ['root', 'ca'] },
    path: ['person', 'ca'],
    opensslCannot: 'it has another option for a partial chain',
  },
  {
    name: 'an authority whose second certificate permits the name',
    clause: CLAUSE,
    chain: between({
      ca: authority(),
      strict: authority({
        ...ca,
        key: 'ca',
        notBefore: '2025-01-01T00:00:00Z',
        extensions: { names: nameConstraints({ permitted: [{ form: 'directoryName', value: anotherCountry() }] }) },
      }),
    }),
    path: ['person', 'ca', 'root'],
  },
  {
    name: 'nine certificates below the root',
    clause: CLAUSE,
    chain: line(8),
  },
  {
    name: 'ten certificates below the root',
    clause: CLAUSE,
    reason: 'too_much_work',
    at: 'person',
    chain: line(9),
    defect: {},
    defectInput: { anchors: ['root'] },
    input: { anchors: ['a0'], intermediates: ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a0'] },
    opensslDiffers: 'it goes a hundred certificates up',
  },
  {
    name: 'authorities that certified each other and nobody else',
    clause: CLAUSE,
    reason: 'too_much_work',
    at: 'person',
    chain: mesh(7),
    defect: {},
    defectInput: { anchors: ['root'] },
    input: { anchors: ['m0-by-m1'], unlimited: true },
    opensslCannot: 'the chain is built for the bound on the work',
  },
  {
    name: 'two authorities that certified each other',
    clause: CLAUSE,
    reason: 'no_path',
    at: 'm1-by-m0',
    chain: mesh(2),
    defect: {},
    defectInput: { anchors: ['root'] },
    input: { anchors: ['m0-by-m1'], unlimited: true },
    opensslCannot: 'it takes a partial chain for an error',
  },
  {
    name: 'the authority is missing',
    clause: CLAUSE,
    reason: 'no_path',
    at: 'person',
    chain: plain,
    defectInput: { intermediates: [] },
  },
  {
    name: 'the authority above the authority is missing',
    clause: CLAUSE,
    reason: 'no_path',
    at: 'ca',
    chain: deep,
    defectInput: { intermediates: ['ca'] },
  },
  {
    name: 'no anchor at all',
    clause: CLAUSE,
    reason: 'no_path',
    at: 'root',
    chain: plain,
    defectInput: { anchors: [], intermediates: ['ca', 'root'] },
  },
  {
    name: 'an anchor of the same name with another key',
    clause: 'RFC 5280 6.1.3 (a)(1)',
    reason: 'bad_signature',
    at: 'ca',
    chain: { ...plain, impostor: authority({ subject: chainName('root'), issuer: 'impostor' }) },
    defectInput: { anchors: ['impostor'], intermediates: ['ca'] },
  },
  {
    name: 'a person who signed for himself',
    clause: CLAUSE,
    reason: 'no_path',
    at: 'person',
    chain: plain,
    defect: { person: { issuer: 'person' } },
  },
  {
    name: 'of a bad signature and an anchor with another key the former is told',
    clause: 'RFC 5280 6.1.3 (a)(1)',
    reason: 'bad_signature',
    chain: {
      root: authority(),
      ca: authority({ extensions: own(1) }),
      namesake: authority({ subject: chainName('ca'), issuer: 'namesake', extensions: own(2) }),
      person: person({ issuer: 'ca', extensions: above(1) }),
    },
    defect: { person: { signer: 'stranger' } },
    input: { anchors: ['root', 'namesake'] },
  },
  {
    name: 'of a bad signature and an expired authority the latter is told, as it came further',
    clause: 'RFC 5280 6.1.3 (a)(2)',
    reason: 'expired',
    at: 'ca',
    chain: between({ ca: authority(), other: authority(ca) }),
    defect: { ca: past },
  },
]

function anotherCountry() {
  return readName(readDer(buildName([{ type: OID.countryName, value: 'FI' }])))
}
