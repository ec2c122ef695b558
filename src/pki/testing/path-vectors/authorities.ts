import { NULL, sequence, tlv } from '../../der-writer.ts'
import { basicConstraints, keyUsage, OID } from '../../index.ts'
import { authority, type Chain, chainName, person } from '../chain-builder.ts'
import { deep, type PathVector, plain } from './path-vector.ts'

const limited = (pathLength: number) => ({ extensions: { basic: basicConstraints({ ca: true, pathLength }) } })
const raw = (hex: string, critical = true) => ({
  extensions: { basic: { id: OID.basicConstraints, critical, value: Buffer.from(hex, 'hex') } },
})
const usage = (hex: string) => ({
  extensions: { usage: { id: OID.keyUsage, critical: true, value: Buffer.from(hex, 'hex') } },
})

/** Four authorities, each below the one before. */
const long: Chain = { root: authority(), a: authority(), b: authority(), ca: authority(), person: person() }

/** The authority renews its own key: the same name twice. */
const self = { subject: chainName('renewed'), identified: true }
const renewed: Chain = {
  root: authority(),
  old: authority(self),
  ca: authority(self),
  person: person({ identified: true }),
}

const notAnAuthority = (name: string, change: Chain[string], more: Partial<PathVector> = {}): PathVector => ({
  name,
  clause: 'RFC 5280 6.1.4 (k)',
  reason: 'not_an_authority',
  chain: plain,
  defect: { ca: change },
  ...more,
})

const tooLong = (name: string, chain: Chain, defect: Chain, at: string): PathVector => ({
  name,
  clause: 'RFC 5280 6.1.4 (l)',
  reason: 'path_too_long',
  chain,
  defect,
  at,
})

const within = (name: string, chain: Chain, defect: Chain): PathVector => ({
  name,
  clause: 'RFC 5280 4.2.1.9',
  chain,
  defect,
})

/** Who may issue, and how far down: basicConstraints, keyUsage, path length. */
export const authorityVectors: readonly PathVector[] = [
  notAnAuthority('an authority without basicConstraints', { extensions: { basic: undefined } }),
  notAnAuthority('an authority that says it is none', { extensions: { basic: basicConstraints({ ca: false }) } }),
  notAnAuthority('an authority that says it is none, not critically', raw('3000', false)),
  notAnAuthority('an authority that says it is none with the default written out', raw('3003010100')),
  notAnAuthority('a person who issues to another', {
    extensions: { basic: undefined, usage: keyUsage('nonRepudiation') },
  }),
  notAnAuthority('an authority with a certificate of version 1', {
    version: 1,
    extensions: { basic: undefined, usage: undefined },
  }),
  notAnAuthority('an authority with a certificate of version 2', {
    version: 2,
    extensions: { basic: undefined, usage: undefined },
  }),
  within('basicConstraints that is not critical', plain, { ca: raw('30030101ff', false) }),
  {
    name: 'basicConstraints that is no SEQUENCE',
    clause: 'RFC 5280 4.2.1.9',
    reason: 'malformed',
    chain: plain,
    defect: { ca: raw('0101ff') },
  },
  {
    name: 'a truth value that is not DER',
    clause: 'RFC 5280 4.2.1.9',
    reason: 'malformed',
    chain: plain,
    defect: { ca: raw('3003010101') },
    opensslDiffers: 'it takes any value for true',
  },
  {
    name: 'a path length below zero',
    clause: 'RFC 5280 4.2.1.9',
    reason: 'malformed',
    chain: plain,
    defect: { ca: raw('30060101ff0201ff') },
  },
  {
    name: 'a path length without the right to issue',
    clause: 'RFC 5280 4.2.1.9',
    reason: 'malformed',
    chain: plain,
    defect: { ca: raw('3003020100') },
  },
  {
    name: 'a path length beyond all numbers',
    clause: 'RFC 5280 4.2.1.9',
    reason: 'malformed',
    chain: plain,
    defect: { ca: raw('300c0101ff02077fffffffffffff') },
    opensslDiffers: 'it takes a large number for no limit',
  },
  {
    name: 'an authority that may not sign certificates',
    clause: 'RFC 5280 6.1.4 (n)',
    reason: 'key_usage',
    chain: plain,
    defect: { ca: { extensions: { usage: keyUsage('cRLSign', 'digitalSignature') } } },
  },
  {
    name: 'an authority that may not sign certificates, not critically',
    clause: 'RFC 5280 6.1.4 (n)',
    reason: 'key_usage',
    chain: plain,
    defect: { ca: { extensions: { usage: { ...keyUsage('cRLSign'), critical: false } } } },
  },
  {
    name: 'an anchor that may not sign certificates',
    clause: 'RFC 5280 6.1.4 (n)',
    reason: 'key_usage',
    chain: plain,
    defect: { root: { extensions: { usage: keyUsage('digitalSignature') } } },
  },
  within('an authority without keyUsage', plain, { ca: { extensions: { usage: undefined } } }),
  within('an authority whose keyUsage is not critical', plain, {
    ca: { extensions: { usage: { ...keyUsage('keyCertSign'), critical: false } } },
  }),
  within('an authority that may do everything', plain, {
    ca: { extensions: { usage: keyUsage('digitalSignature', 'keyCertSign', 'cRLSign', 'decipherOnly') } },
  }),
  {
    name: 'keyUsage without a bit',
    clause: 'RFC 5280 4.2.1.3',
    reason: 'malformed',
    chain: plain,
    defect: { ca: usage('030100') },
  },
  {
    name: 'keyUsage with trailing zero bits',
    clause: 'RFC 5280 4.2.1.3',
    reason: 'malformed',
    chain: plain,
    defect: { ca: usage('03020006') },
    opensslDiffers: 'it reads the list of bits in any form',
  },
  {
    name: 'keyUsage that is no list of bits',
    clause: 'RFC 5280 4.2.1.3',
    reason: 'malformed',
    chain: plain,
    defect: { ca: { extensions: { usage: { id: OID.keyUsage, critical: true, value: NULL } } } },
  },
  {
    name: 'basicConstraints with something after it',
    clause: 'RFC 5280 4.2.1.9',
    reason: 'malformed',
    chain: plain,
    defect: {
      ca: {
        extensions: {
          basic: { id: OID.basicConstraints, critical: true, value: sequence(tlv(1, Buffer.of(0xff)), NULL) },
        },
      },
    },
  },
  within('length 0 above a person', plain, { ca: limited(0) }),
  within('length 1 above one authority', deep, { upper: limited(1) }),
  within('length 0 above one authority that it does not bind', deep, { ca: limited(0) }),
  within('lengths that fit all the way down', long, { root: limited(3), a: limited(2), b: limited(1), ca: limited(0) }),
  within('a length that is larger than what is left', long, { a: limited(6), b: limited(1) }),
  tooLong('length 0 above one authority', deep, { upper: limited(0) }, 'ca'),
  tooLong('length 0 in the anchor above one authority', plain, { root: limited(0) }, 'ca'),
  tooLong('length 1 in the anchor above two authorities', deep, { root: limited(1) }, 'ca'),
  tooLong('length 1 above two authorities', long, { a: limited(1) }, 'ca'),
  tooLong('a length that is raised again further down', long, { a: limited(1), b: limited(5) }, 'ca'),
  tooLong('a length that is lowered further down', long, { a: limited(5), b: limited(0) }, 'ca'),
  within('length 0 above a self-issued authority, which does not count', renewed, { old: limited(0) }),
  within('length 1 in the anchor above a self-issued authority', renewed, { root: limited(1) }),
  tooLong(
    'length 0 above a self-issued authority and another',
    {
      root: authority(),
      old: authority(self),
      new: authority(self),
      ca: authority(),
      person: person(),
    },
    { old: limited(0) },
    'ca',
  ),
  within('length 0 above an authority at the end of the path', plain, {
    ca: limited(0),
    person: authority(),
  }),
]
