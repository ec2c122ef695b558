import { readDer } from '../../der-reader.ts'
import { NULL } from '../../der-writer.ts'
import { basicConstraints, buildName, keyUsage, nameConstraints, OID, readName } from '../../index.ts'
import type { CertificateSpec } from '../chain-builder.ts'
import { type PathVector, plain } from './path-vector.ts'

const foreign = nameConstraints({
  permitted: [{ form: 'directoryName', value: readName(readDer(buildName([{ type: OID.countryName, value: 'FI' }]))) }],
})

/** Limits of an anchor that bind, and that the caller may set aside. */
const limits: readonly (readonly [string, CertificateSpec, Pick<PathVector, 'reason' | 'clause' | 'at'>])[] = [
  [
    'an anchor that has expired',
    { notAfter: '2025-01-01T00:00:00Z' },
    { reason: 'expired', clause: 'RFC 5280 6.1.3 (a)(2)' },
  ],
  [
    'an anchor that is no authority',
    { extensions: { basic: basicConstraints({ ca: false }) } },
    { reason: 'not_an_authority', clause: 'RFC 5280 6.1.4 (k)' },
  ],
  [
    'an anchor of version 1',
    { version: 1, extensions: { basic: undefined, usage: undefined } },
    { reason: 'not_an_authority', clause: 'RFC 5280 6.1.4 (k)' },
  ],
  [
    'an anchor for other uses',
    { extensions: { usage: keyUsage('digitalSignature') } },
    { reason: 'key_usage', clause: 'RFC 5280 6.1.4 (n)' },
  ],
  [
    'an anchor for other names',
    { extensions: { names: foreign } },
    { reason: 'name_not_permitted', clause: 'RFC 5280 6.1.3 (b)', at: 'ca' },
  ],
  [
    'an anchor that permits no authority below',
    { extensions: { basic: basicConstraints({ ca: true, pathLength: 0 }) } },
    { reason: 'path_too_long', clause: 'RFC 5280 6.1.4 (l)', at: 'ca' },
  ],
  [
    'an anchor with an unknown critical extension',
    { extensions: { odd: { id: '1.3.6.1.4.1.99999.7', critical: true, value: NULL } } },
    { reason: 'unknown_critical_extension', clause: 'RFC 5280 6.1.4 (o)' },
  ],
  [
    'an anchor whose constraints cannot be read',
    { extensions: { names: { id: OID.nameConstraints, critical: true, value: NULL } } },
    { reason: 'malformed', clause: 'RFC 5280 4.2.1.10' },
  ],
]

const LENIENT: Readonly<Record<string, string>> = {
  'an anchor of version 1': 'it trusts a root of version 1',
}

/** Anchors: their limits (RFC 5937), and certificates that are trusted themselves. */
export const anchorVectors: readonly PathVector[] = [
  ...limits.map(([name, root, verdict]) => ({
    name,
    chain: plain,
    defect: { root },
    ...verdict,
    ...(LENIENT[name] && { opensslDiffers: LENIENT[name] }),
  })),
  ...limits.map(([name, root]) => ({
    name: `${name}, where the limits of anchors do not count`,
    clause: 'RFC 5280 6.1.1 (d)',
    chain: plain,
    defect: { root },
    input: { unlimited: true },
    opensslCannot: 'it applies the limits of anchors',
  })),
  {
    name: 'a person who is trusted himself',
    clause: 'RFC 5280 6.1.1 (d)',
    chain: plain,
    input: { anchors: ['person'], intermediates: [] },
    path: ['person'],
    opensslCannot: 'it has another option for a partial chain',
  },
  {
    name: 'a person who is trusted himself and has expired',
    clause: 'RFC 5280 6.1.3 (a)(2)',
    reason: 'expired',
    chain: plain,
    defect: { person: { notAfter: '2025-01-01T00:00:00Z' } },
    input: { anchors: ['person'], intermediates: [] },
    opensslCannot: 'it has another option for a partial chain',
  },
  {
    name: 'a person who is trusted himself, for something else',
    clause: 'RFC 5280 4.2.1.3',
    reason: 'key_usage',
    chain: plain,
    defect: { person: { extensions: { usage: keyUsage('keyAgreement') } } },
    input: { anchors: ['person'], intermediates: [], purpose: 'documentSigning' },
    opensslCannot: 'it has no such purpose',
  },
  {
    name: 'a person who is trusted himself does not make others trusted',
    clause: 'RFC 5280 6.1.4 (k)',
    reason: 'not_an_authority',
    chain: plain,
    defect: { ca: { extensions: { basic: undefined, usage: keyUsage('nonRepudiation') } } },
    input: { anchors: ['ca'], intermediates: [] },
    opensslCannot: 'it has another option for a partial chain',
  },
  {
    name: 'a person who is trusted himself, under a policy he does not have',
    clause: 'RFC 5280 6.1.3 (f)',
    reason: 'policy',
    at: 'person',
    chain: plain,
    input: { anchors: ['person'], intermediates: [] },
    defectInput: { policies: { requireExplicit: true } },
    opensslCannot: 'it has another option for a partial chain',
  },
]
