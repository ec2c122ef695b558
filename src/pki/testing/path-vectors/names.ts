import type { Bytes } from '../../../std/bytes.ts'
import { ia5String, oid, printableString, sequence, setOf, TAG, tlv, utf8String } from '../../der-writer.ts'
import { OID } from '../../index.ts'
import { authority, type Chain, person } from '../chain-builder.ts'
import { deep, type PathVector, plain } from './path-vector.ts'

const CLAUSE = 'RFC 5280 7.1'

const attribute = (type: string, value: Bytes) => sequence(oid(type), value)
const name = (...relative: Bytes[]) => sequence(...relative)
const [C, O, CN, DC, E] = [
  OID.countryName,
  OID.organizationName,
  OID.commonName,
  OID.domainComponent,
  OID.emailAddress,
] as const
const one = (type: string, value: Bytes) => setOf(attribute(type, value))
const bmp = (text: string) => tlv(TAG.bmpString, Buffer.from(text, 'utf16le').swap16())
const teletex = (text: string) => tlv(TAG.teletexString, Buffer.from(text, 'latin1'))
const named = (value: Bytes, type: string = CN) => name(one(C, printableString('EE')), one(type, value))

/** An authority called one thing, and a person whose certificate calls it another. */
function called(authorityName: Bytes): Chain {
  return { root: authority(), ca: authority({ subject: authorityName }), person: person() }
}
const calling = (issuerName: Bytes) => ({ person: { issuerName } })

const same = (title: string, a: Bytes, b: Bytes, more: Partial<PathVector> = {}): PathVector => ({
  name: `${title}: the same name`,
  clause: CLAUSE,
  chain: called(a),
  defect: calling(b),
  ...more,
})

const other = (title: string, a: Bytes, b: Bytes, more: Partial<PathVector> = {}): PathVector => ({
  name: `${title}: another name`,
  clause: 'RFC 5280 6.1',
  reason: 'no_path',
  chain: called(a),
  defect: calling(b),
  ...more,
})

const NO_FOLDING = 'it folds ASCII letters alone'

/** Which names are the same, and whose certificate is whose. */
export const nameVectors: readonly PathVector[] = [
  same('capitals and small letters', named(utf8String('Test CA')), named(utf8String('tEST ca'))),
  same('white space within', named(utf8String('Test CA')), named(utf8String('Test    CA'))),
  same('white space around', named(utf8String('Test CA')), named(utf8String('  Test CA '))),
  same('a no-break space', named(utf8String('Test CA')), named(utf8String('Test\u00a0CA')), {
    opensslDiffers: 'it knows the white space of ASCII alone',
  }),
  same('PrintableString and UTF8String', named(printableString('Test CA')), named(utf8String('Test CA'))),
  same('UTF8String and BMPString', named(utf8String('Tést CA')), named(bmp('Tést CA'))),
  same('TeletexString and UTF8String', named(teletex('Tést CA')), named(utf8String('Tést CA'))),
  same('capitals beyond ASCII', named(utf8String('ÉTAT ΣΟΦΟΣ')), named(utf8String('état σοφος')), {
    opensslDiffers: NO_FOLDING,
  }),
  same('the sharp s', named(utf8String('Straße')), named(utf8String('STRASSE')), { opensslDiffers: NO_FOLDING }),
  same('composed and combining accents', named(utf8String('Jos\u00e9')), named(utf8String('Jose\u0301')), {
    opensslDiffers: 'it does not compose',
  }),
  same('wide digits', named(utf8String('CA １')), named(utf8String('CA 1')), { opensslDiffers: 'it does not compose' }),
  same('a soft hyphen', named(utf8String('Test CA')), named(utf8String('Te\u00adst CA')), {
    opensslDiffers: 'it leaves characters without meaning in',
  }),
  same('domain components', named(ia5String('Example'), DC), named(ia5String('eXAMPLE'), DC)),
  same('an e-mail address', named(ia5String('CA@Example.org'), E), named(ia5String('ca@example.ORG'), E)),
  same(
    'attributes of one relative name in any order',
    name(setOf(attribute(CN, utf8String('CA')), attribute(O, utf8String('Trust')))),
    name(tlv(TAG.set, attribute(O, utf8String('TRUST')), attribute(CN, utf8String('ca')))),
  ),
  other('another letter', named(utf8String('Test CA')), named(utf8String('Test CB'))),
  other('white space where there was none', named(utf8String('TestCA')), named(utf8String('Test CA'))),
  other('another type of attribute', named(utf8String('Test CA'), CN), named(utf8String('Test CA'), O)),
  other(
    'relative names in another order',
    name(one(C, printableString('EE')), one(CN, utf8String('CA'))),
    name(one(CN, utf8String('CA')), one(C, printableString('EE'))),
  ),
  other('a relative name more', named(utf8String('CA')), name(one(C, printableString('EE')))),
  other(
    'two attributes together and apart',
    name(setOf(attribute(CN, utf8String('CA')), attribute(O, utf8String('T')))),
    name(one(O, utf8String('T')), one(CN, utf8String('CA'))),
  ),
  other(
    'one attribute of two',
    name(setOf(attribute(CN, utf8String('CA')), attribute(O, utf8String('T')))),
    name(one(CN, utf8String('CA'))),
  ),
  other('a look-alike of another script', named(utf8String('Test CA')), named(utf8String('T\u0435st CA'))),
  other('a private character that differs', named(utf8String('CA \ue000')), named(utf8String('CA \ue001'))),
  other('bits that differ', named(tlv(TAG.bitString, Buffer.of(0, 1))), named(tlv(TAG.bitString, Buffer.of(0, 2)))),
  same('equal bits', named(tlv(TAG.bitString, Buffer.of(0, 1))), named(tlv(TAG.bitString, Buffer.of(0, 1)))),
  {
    name: 'an authority whose name is empty',
    clause: 'RFC 5280 6.1',
    reason: 'no_path',
    chain: plain,
    defect: { ca: { subject: sequence() } },
    at: 'person',
    opensslDiffers: 'it lets an authority have no name',
  },
  {
    name: 'a relative name without an attribute',
    clause: 'RFC 5280 4.1.2.4',
    reason: 'unreadable',
    chain: plain,
    defect: { ca: { subject: sequence(setOf()) } },
    opensslDiffers: 'it lets a relative name be empty',
  },
  {
    name: 'a person without a name',
    clause: 'RFC 5280 4.1.2.6',
    chain: plain,
    defect: { person: { subject: sequence() } },
  },
  {
    name: 'an authority that changed its key, in a self-issued certificate',
    clause: 'RFC 5280 6.1',
    chain: deep,
    defect: {
      ca: { subject: named(utf8String('Test CA')), identified: true },
      upper: { subject: named(printableString('test ca')), identified: true },
      person: { identified: true },
    },
    path: ['person', 'ca', 'upper', 'root'],
  },
]
