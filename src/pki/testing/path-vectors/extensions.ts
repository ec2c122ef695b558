import { NULL, sequence } from '../../der-writer.ts'
import {
  certificatePolicies,
  crlDistributionPoints,
  type Extension,
  extendedKeyUsage,
  keyUsage,
  OID,
  subjectAlternativeName,
  validityAssuredShortTerm,
} from '../../index.ts'
import type { Chain } from '../chain-builder.ts'
import { type PathVector, plain } from './path-vector.ts'

const unknown: Extension = { id: '1.3.6.1.4.1.99999.7', critical: true, value: NULL }
const critical = (extension: Extension): Extension => ({ ...extension, critical: true })
const extended = (label: string, more: Extension): Chain => ({ [label]: { extensions: { more } } })

const notUnderstood = (name: string, label: string, more: Extension, extra: Partial<PathVector> = {}): PathVector => ({
  name,
  clause: label === 'person' ? 'RFC 5280 6.1.5 (f)' : 'RFC 5280 6.1.4 (o)',
  reason: 'unknown_critical_extension',
  chain: plain,
  defect: extended(label, more),
  ...extra,
})

const understood = (name: string, label: string, more: Extension): PathVector => ({
  name,
  clause: 'RFC 5280 4.2',
  chain: plain,
  defect: extended(label, more),
})

const unreadable = (name: string, clause: string, person: Chain[string], extra: Partial<PathVector> = {}) => ({
  name,
  clause,
  reason: 'unreadable' as const,
  chain: plain,
  defect: { person },
  ...extra,
})

const ACCEPTS_SERIAL = 'it takes any serial number'

/** Extensions that are critical, unknown, doubled or empty; serial numbers; versions. */
export const extensionVectors: readonly PathVector[] = [
  notUnderstood('an unknown critical extension of the person', 'person', unknown),
  notUnderstood('an unknown critical extension of the authority', 'ca', unknown),
  notUnderstood('an unknown critical extension of the anchor', 'root', unknown),
  notUnderstood('qcStatements that are critical', 'person', {
    id: OID.qcStatements,
    critical: true,
    value: sequence(),
  }),
  notUnderstood('a key identifier that is critical', 'person', {
    id: OID.subjectKeyIdentifier,
    critical: true,
    value: Buffer.from('040101', 'hex'),
  }),
  notUnderstood(
    'distribution points that are critical',
    'person',
    critical(crlDistributionPoints(['http://a.example/c'])),
    {
      opensslDiffers: 'it has distribution points among what it understands',
    },
  ),
  understood('an unknown extension that is not critical', 'person', { ...unknown, critical: false }),
  understood('an unknown extension of the authority that is not critical', 'ca', { ...unknown, critical: false }),
  understood('extKeyUsage that is critical', 'person', extendedKeyUsage([OID.emailProtection], true)),
  understood('certificatePolicies that are critical', 'person', critical(certificatePolicies([{ policy: '1.2.3' }]))),
  understood(
    'subjectAltName that is critical',
    'person',
    subjectAlternativeName([{ form: 'rfc822Name', value: 'ana@example.org' }], true),
  ),
  understood('the promise of a short life', 'person', validityAssuredShortTerm()),
  unreadable('one extension twice', 'RFC 5280 4.2', { extensions: { again: keyUsage('nonRepudiation') } }),
  unreadable(
    'one unknown extension twice',
    'RFC 5280 4.2',
    {
      extensions: { a: { ...unknown, critical: false }, b: { ...unknown, critical: false } },
    },
    { opensslDiffers: 'it looks for doubles among the extensions it knows' },
  ),
  unreadable(
    'extensions in a certificate of version 1',
    'RFC 5280 4.1.2.9',
    { version: 1 },
    {
      opensslDiffers: 'it reads extensions in any version',
    },
  ),
  unreadable(
    'extensions in a certificate of version 2',
    'RFC 5280 4.1.2.9',
    { version: 2 },
    {
      opensslDiffers: 'it reads extensions in any version',
    },
  ),
  unreadable(
    'a serial number of zero',
    'RFC 5280 4.1.2.2',
    { serial: Buffer.of(0) },
    {
      opensslDiffers: ACCEPTS_SERIAL,
    },
  ),
  unreadable(
    'a negative serial number',
    'RFC 5280 4.1.2.2',
    { serial: Buffer.of(0x80, 1) },
    {
      opensslDiffers: ACCEPTS_SERIAL,
    },
  ),
  unreadable(
    'a serial number of 21 bytes',
    'RFC 5280 4.1.2.2',
    { serial: Buffer.alloc(21, 1) },
    {
      opensslDiffers: ACCEPTS_SERIAL,
    },
  ),
  unreadable('an empty serial number', 'RFC 5280 4.1', { serial: Buffer.alloc(0) }),
  unreadable('a serial number with a zero too many', 'RFC 5280 4.1', { serial: Buffer.of(0, 1) }),
  {
    name: 'a serial number of 20 bytes',
    clause: 'RFC 5280 4.1.2.2',
    chain: plain,
    defect: { person: { serial: Buffer.alloc(20, 0x7f) } },
  },
  {
    name: 'a person with a certificate of version 1',
    clause: 'RFC 5280 6.1.5',
    chain: plain,
    defect: { person: { version: 1, extensions: { usage: undefined } } },
  },
]
