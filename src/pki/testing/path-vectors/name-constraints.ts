import type { Bytes } from '../../../std/bytes.ts'
import { readDer } from '../../der-reader.ts'
import { context, contextPrimitive, NULL, oid, sequence, utf8String } from '../../der-writer.ts'
import {
  buildName,
  type Extension,
  encodeGeneralName,
  type GeneralName,
  type NameConstraints,
  nameConstraints,
  OID,
  readName,
  subjectAlternativeName,
} from '../../index.ts'
import { authority, type Chain, chainName, person } from '../chain-builder.ts'
import { deep, type PathVector, plain } from './path-vector.ts'

const mail = (value: string): GeneralName => ({ form: 'rfc822Name', value })
const dns = (value: string): GeneralName => ({ form: 'dNSName', value })
const uri = (value: string): GeneralName => ({ form: 'uniformResourceIdentifier', value })
const ip = (hex: string): GeneralName => ({ form: 'iPAddress', value: Buffer.from(hex, 'hex') })
const directory = (name: Bytes): GeneralName => ({ form: 'directoryName', value: readName(readDer(name)) })
const other: GeneralName = {
  form: 'otherName',
  value: context(0, oid('1.3.6.1.4.1.99999.5'), context(0, utf8String('x'))),
}
const registered: GeneralName = { form: 'registeredID', value: contextPrimitive(8, oid('1.2.3').subarray(2)) }

const country = (value: string) => buildName([{ type: OID.countryName, value }])
const organization = (...attributes: string[]) =>
  buildName(attributes.map((value, at) => ({ type: at === 0 ? OID.countryName : OID.organizationName, value })))

const under = (constraints: NameConstraints): Chain[string] => ({ extensions: { names: nameConstraints(constraints) } })
const permit = (...permitted: GeneralName[]) => under({ permitted })
const exclude = (...excluded: GeneralName[]) => under({ excluded })
const raw = (value: Bytes): Chain[string] => ({
  extensions: { names: { id: OID.nameConstraints, critical: true, value } },
})
const alt = (...names: GeneralName[]): Chain[string] => ({ extensions: { alt: subjectAlternativeName(names) } })

/** A person with other names, below an authority without limits. */
const withNames = (...names: GeneralName[]): Chain => ({
  root: authority(),
  ca: authority(),
  person: person({ extensions: { alt: subjectAlternativeName(names) } }),
})

type Row = readonly [
  title: string,
  constraint: Chain[string],
  names: readonly GeneralName[],
  more?: Partial<PathVector>,
]

const good = ([title, ca, names, more]: Row): PathVector => ({
  name: `${title}: allowed`,
  clause: 'RFC 5280 4.2.1.10',
  chain: names.length > 0 ? withNames(...names) : plain,
  defect: { ca: ca ?? {} },
  ...more,
})

const notPermitted = ([title, ca, names, more]: Row): PathVector => ({
  name: `${title}: not permitted`,
  clause: 'RFC 5280 6.1.3 (b)',
  reason: 'name_not_permitted',
  at: 'person',
  chain: names.length > 0 ? withNames(...names) : plain,
  defect: { ca: ca ?? {} },
  ...more,
})

const excluded = ([title, ca, names, more]: Row): PathVector => ({
  name: `${title}: excluded`,
  clause: 'RFC 5280 6.1.3 (c)',
  reason: 'name_excluded',
  at: 'person',
  chain: names.length > 0 ? withNames(...names) : plain,
  defect: { ca: ca ?? {} },
  ...more,
})

const malformedName = ([title, ca, names, more]: Row): PathVector => ({
  name: `${title}: cannot be judged`,
  clause: 'RFC 5280 4.2.1.6',
  reason: 'malformed',
  at: 'person',
  chain: withNames(...names),
  defect: { ca: ca ?? {} },
  ...more,
})

const malformed = (name: string, value: Bytes, more: Partial<PathVector> = {}): PathVector => ({
  name,
  clause: 'RFC 5280 4.2.1.10',
  reason: 'malformed',
  chain: plain,
  defect: { ca: raw(value) },
  ...more,
})

const subtree = (name: GeneralName, ...more: Bytes[]) =>
  sequence(context(0, sequence(encodeGeneralName(name), ...more)))

const directoryRows: readonly PathVector[] = [
  good(['the subtree of the country', permit(directory(country('EE'))), []]),
  good(['the subtree of the organization', permit(directory(organization('EE', 'Path Tests'))), []]),
  good(['the very name', permit(directory(chainName('person'))), []]),
  good(['a base in other letters', permit(directory(organization('EE', 'PATH  tests'))), []]),
  good(['one of two subtrees', permit(directory(country('FI')), directory(country('EE'))), []]),
  good(['the subtree of all names', permit(directory(sequence())), []]),
  good(['another country excluded', exclude(directory(country('FI'))), []]),
  notPermitted(['another country', permit(directory(country('FI'))), []]),
  notPermitted(['another organization', permit(directory(organization('EE', 'Path')), directory(country('LV'))), []]),
  notPermitted(['a name below the own one', permit(directory(organization('EE', 'Path Tests', 'person', 'more'))), []]),
  excluded(['the own country', exclude(directory(country('EE'))), []]),
  excluded(['the organization in other letters', exclude(directory(organization('EE', 'path TESTS'))), []]),
  excluded(['every name', exclude(directory(sequence())), []]),
  excluded([
    'permitted and excluded at once',
    under({ permitted: [directory(country('EE'))], excluded: [directory(chainName('person'))] }),
    [],
  ]),
  notPermitted([
    'an alternative name of another country',
    permit(directory(country('EE'))),
    [directory(country('FI'))],
  ]),
  good([
    'a person without a name',
    permit(directory(country('FI'))),
    [mail('ana@example.org')],
    {
      chain: patchedSubject(mail('ana@example.org')),
    },
  ]),
  notPermitted([
    'an authority between, not the person',
    permit(directory(chainName('person'))),
    [],
    {
      chain: deep,
      defect: { upper: permit(directory(chainName('person'))) },
      at: 'ca',
    },
  ]),
  {
    name: 'a self-issued authority needs no permission',
    clause: 'RFC 5280 6.1.3 (b)',
    chain: renewed(),
    defect: { old: permit(directory(chainName('person'))) },
  },
  {
    name: 'a self-issued person does',
    clause: 'RFC 5280 6.1.3 (b)',
    reason: 'name_not_permitted',
    chain: { ...plain, ca: authority({ subject: chainName('both') }), person: person({ subject: chainName('both') }) },
    defect: { ca: permit(directory(country('FI'))) },
    at: 'person',
  },
  {
    name: 'two authorities permit, and the name lies in both subtrees',
    clause: 'RFC 5280 6.1.4 (g)',
    chain: deep,
    defect: { upper: permit(directory(country('EE'))), ca: permit(directory(organization('EE', 'Path Tests'))) },
  },
  {
    name: 'two authorities permit, and the name lies in one subtree',
    clause: 'RFC 5280 6.1.3 (b)',
    reason: 'name_not_permitted',
    chain: deep,
    defect: { upper: permit(directory(country('EE'))), ca: permit(directory(country('FI'))) },
    at: 'person',
  },
  {
    name: 'an authority permits what the one above did not',
    clause: 'RFC 5280 6.1.3 (b)',
    reason: 'name_not_permitted',
    chain: deep,
    defect: {
      upper: permit(directory(chainName('ca'))),
      ca: permit(directory(chainName('ca')), directory(chainName('person'))),
    },
    at: 'person',
  },
  {
    name: 'an authority excludes, and the next permits',
    clause: 'RFC 5280 6.1.3 (c)',
    reason: 'name_excluded',
    chain: deep,
    defect: { upper: exclude(directory(chainName('person'))), ca: permit(directory(country('EE'))) },
    at: 'person',
  },
  {
    name: 'two authorities exclude, the second the person',
    clause: 'RFC 5280 6.1.3 (c)',
    reason: 'name_excluded',
    chain: deep,
    defect: { upper: exclude(directory(country('FI'))), ca: exclude(directory(chainName('person'))) },
    at: 'person',
  },
  {
    name: 'constraints in the certificate of the person bind nobody',
    clause: 'RFC 5280 4.2.1.10',
    chain: plain,
    defect: { person: permit(directory(country('FI'))) },
  },
  {
    name: 'constraints that are not critical bind as well',
    clause: 'RFC 5280 6.1.3 (b)',
    reason: 'name_not_permitted',
    chain: plain,
    defect: {
      ca: { extensions: { names: { ...nameConstraints({ permitted: [directory(country('FI'))] }), critical: false } } },
    },
    at: 'person',
  },
]

/** A person who has alternative names alone. */
function patchedSubject(...names: GeneralName[]): Chain {
  const extensions = { alt: subjectAlternativeName(names, true) }
  return { root: authority(), ca: authority(), person: person({ subject: sequence(), extensions }) }
}

function renewed(): Chain {
  const self = { subject: chainName('renewed'), identified: true }
  return { root: authority(), old: authority(self), ca: authority(self), person: person({ identified: true }) }
}

const withAddress: Chain = {
  ...plain,
  person: person({ subject: buildName([{ type: OID.emailAddress, value: 'ana@example.org' }]) }),
}

const mailRows: readonly PathVector[] = [
  good(['all mailboxes of a host', permit(mail('example.org')), [mail('ana@example.org')]]),
  good(['a host in other letters', permit(mail('Example.ORG')), [mail('ana@eXample.org')]]),
  good(['one mailbox', permit(mail('ana@example.org')), [mail('ana@EXAMPLE.org')]]),
  good(['all hosts below a domain', permit(mail('.example.org')), [mail('ana@mail.example.org')]]),
  good(['a quoted local part with an at sign', permit(mail('example.org')), [mail('"a@b"@example.org')]]),
  good(['constraints of another form', permit(dns('example.org')), [mail('ana@other.org')]]),
  notPermitted(['another host', permit(mail('example.org')), [mail('ana@example.com')]]),
  notPermitted(['a host below, for a host', permit(mail('example.org')), [mail('ana@mail.example.org')]]),
  notPermitted(['the domain itself, for what is below', permit(mail('.example.org')), [mail('ana@example.org')]]),
  notPermitted(['another mailbox', permit(mail('ana@example.org')), [mail('eva@example.org')]]),
  notPermitted(['a mailbox in other letters', permit(mail('ana@example.org')), [mail('Ana@example.org')]]),
  notPermitted(['a host that ends alike', permit(mail('.example.org')), [mail('ana@bad-example.org')]]),
  notPermitted(['the second of two addresses', permit(mail('example.org')), [mail('a@example.org'), mail('a@b.org')]]),
  excluded(['a host', exclude(mail('example.org')), [mail('ana@example.org')]]),
  excluded(['hosts below a domain', exclude(mail('.example.org')), [mail('ana@a.b.example.org')]]),
  excluded(['one mailbox', exclude(mail('ana@example.org')), [mail('ana@example.org')]]),
  good(['another mailbox excluded', exclude(mail('eva@example.org')), [mail('ana@example.org')]]),
  notPermitted(['an address in the subject', permit(mail('example.com')), [], { chain: withAddress }]),
  excluded(['an address in the subject', exclude(mail('example.org')), [], { chain: withAddress }]),
  good(['an address in the subject', permit(mail('example.org')), [], { chain: withAddress }]),
  malformedName(['an address without an at sign', permit(mail('example.org')), [mail('example.org')]]),
  malformedName(['an address without a host', permit(mail('example.org')), [mail('ana@')]]),
  malformedName([
    'an address whose host has a zero byte',
    permit(mail('example.org')),
    [mail('a@example.org\0.b.com')],
  ]),
]

const hostRows: readonly PathVector[] = [
  good(['a host itself', permit(dns('example.org')), [dns('example.org')]]),
  good(['a host below', permit(dns('example.org')), [dns('a.b.example.org')]]),
  good(['a host in other letters', permit(dns('EXAMPLE.org')), [dns('www.example.ORG')]]),
  good(['a wildcard below', permit(dns('example.org')), [dns('*.example.org')]]),
  good(['the root of all hosts', permit(dns('')), [dns('example.org')]]),
  good(['a base that begins with a period', permit(dns('.example.org')), [dns('www.example.org')]]),
  notPermitted(['another host', permit(dns('example.org')), [dns('example.com')]]),
  notPermitted(['a host that ends alike', permit(dns('example.org')), [dns('notexample.org')]]),
  notPermitted(['a host above', permit(dns('www.example.org')), [dns('example.org')]]),
  notPermitted(['a wildcard that may leave the subtree', permit(dns('www.example.org')), [dns('*.example.org')]]),
  notPermitted(['the host itself, for what is below', permit(dns('.example.org')), [dns('example.org')]]),
  excluded(['a host', exclude(dns('example.org')), [dns('example.org')]]),
  excluded(['a host below', exclude(dns('example.org')), [dns('www.example.org')]]),
  excluded(['every host', exclude(dns('')), [dns('example.org')]]),
  excluded([
    'a wildcard that may be the host',
    exclude(dns('www.example.org')),
    [dns('*.example.org')],
    {
      opensslDiffers: 'it compares a wildcard as if it were a name',
    },
  ]),
  malformedName(['a host with a root dot', permit(dns('example.org')), [dns('example.org.')]]),
  malformedName(['a host with a space', permit(dns('example.org')), [dns('www example.org')]]),
]

const uriRows: readonly PathVector[] = [
  good(['the host of a URI', permit(uri('example.org')), [uri('https://example.org/a?b#c')]]),
  good([
    'a host with user and port',
    permit(uri('example.org')),
    [uri('https://me:x@EXAMPLE.org:8443/')],
    {
      opensslDiffers: 'it takes the user for the host',
    },
  ]),
  good(['a host below', permit(uri('.example.org')), [uri('ldap://dir.example.org')]]),
  notPermitted(['a host below, for a host', permit(uri('example.org')), [uri('https://www.example.org/')]]),
  notPermitted(['the host itself, for what is below', permit(uri('.example.org')), [uri('https://example.org/')]]),
  notPermitted(['another host', permit(uri('example.org')), [uri('https://example.com/example.org')]]),
  notPermitted(['another host after the user', permit(uri('example.org')), [uri('https://example.org@evil.com/')]]),
  excluded(['the host of a URI', exclude(uri('example.org')), [uri('http://example.org/')]]),
  excluded(['a host below', exclude(uri('.example.org')), [uri('http://a.example.org/')]]),
  malformedName(['a URI without an authority', permit(uri('example.org')), [uri('urn:example:org')]]),
  malformedName(['a URI whose host is an address', permit(uri('example.org')), [uri('http://192.0.2.1/')]]),
  malformedName([
    'a URI whose host is an IPv6 address',
    exclude(uri('example.org')),
    [uri('http://[2001:db8::1]/')],
    {
      opensslDiffers: 'it compares the text between the slashes',
    },
  ]),
]

const BLOCK4 = 'c0000200ffffff00'
const BLOCK6 = `20010db8${'00'.repeat(12)}ffffffff${'00'.repeat(12)}`
const HOST6 = `20010db8${'00'.repeat(11)}01`

const addressRows: readonly PathVector[] = [
  good(['an address in the block', permit(ip(BLOCK4)), [ip('c0000207')]]),
  good(['an IPv6 address in the block', permit(ip(BLOCK6)), [ip(HOST6)]]),
  good(['every address', permit(ip('0000000000000000')), [ip('c0000207')]]),
  notPermitted(['an address outside', permit(ip(BLOCK4)), [ip('c0000307')]]),
  notPermitted(['an IPv6 address outside', permit(ip(BLOCK6)), [ip(`20010db9${'00'.repeat(12)}`)]]),
  notPermitted(['an IPv6 address where IPv4 is permitted', permit(ip(BLOCK4)), [ip(HOST6)]]),
  excluded(['an address in the block', exclude(ip(BLOCK4)), [ip('c00002ff')]]),
  excluded(['an IPv6 address in the block', exclude(ip(BLOCK6)), [ip(HOST6)]]),
  good(['an IPv6 address where IPv4 is excluded', exclude(ip('0000000000000000')), [ip(HOST6)]]),
  malformedName(['an address of five bytes', permit(ip(BLOCK4)), [ip('c000020701')]]),
  malformed('a block whose mask has a hole', nameConstraints({ permitted: [ip('c0000200ff00ff00')] }).value, {
    opensslDiffers: 'it takes any mask',
  }),
  malformed('a block of seven bytes', nameConstraints({ permitted: [ip('c0000200ffffff')] }).value, {
    opensslDiffers: 'it looks at a base when there is a name to compare',
  }),
]

const LAZY = 'it looks at a base when there is a name to compare'

const frameRows: readonly PathVector[] = [
  malformed('constraints without a subtree', sequence(), { opensslDiffers: 'it lets them be empty' }),
  malformed('an empty list of subtrees', sequence(context(0)), { opensslDiffers: 'it lets the list be empty' }),
  malformed('constraints that are no SEQUENCE', NULL),
  malformed('constraints in another order', sequence(context(1, sequence(encodeGeneralName(dns('a')))), context(0))),
  malformed('a minimum of one', subtree(directory(country('EE')), contextPrimitive(0, Buffer.of(1)))),
  malformed('a maximum', subtree(directory(country('EE')), contextPrimitive(1, Buffer.of(9)))),
  malformed('a base of an unknown form', sequence(context(0, sequence(contextPrimitive(9, NULL)))), {
    clause: 'RFC 5280 4.2.1.6',
  }),
  malformed('an empty mailbox', nameConstraints({ permitted: [mail('')] }).value, { opensslDiffers: LAZY }),
  malformed('an empty host for URIs', nameConstraints({ excluded: [uri('')] }).value, { opensslDiffers: LAZY }),
  malformed('a mailbox without a name before the at sign', nameConstraints({ permitted: [mail('@a.org')] }).value, {
    opensslDiffers: LAZY,
  }),
  malformed('a host with an empty label', nameConstraints({ permitted: [dns('a..org')] }).value, {
    opensslDiffers: LAZY,
  }),
  malformed('a host beyond ASCII', sequence(context(0, sequence(contextPrimitive(2, Buffer.from('bücher.example'))))), {
    clause: 'RFC 5280 4.2.1.6',
    opensslDiffers: LAZY,
  }),
  {
    name: 'a minimum of zero written out',
    clause: 'RFC 5280 4.2.1.10',
    chain: plain,
    defect: { ca: raw(subtree(directory(country('EE')), contextPrimitive(0, Buffer.of(0)))) },
  },
  {
    name: 'a constraint on other names, and such a name',
    clause: 'RFC 5280 4.2.1.10',
    reason: 'unsupported_name_constraint',
    chain: withNames(other),
    defect: { ca: permit(other) },
    at: 'person',
  },
  {
    name: 'an excluded registered identifier, and such a name',
    clause: 'RFC 5280 4.2.1.10',
    reason: 'unsupported_name_constraint',
    chain: withNames(registered),
    defect: { ca: exclude(registered) },
    at: 'person',
  },
  good(['a constraint on other names, and no such name', permit(other), [mail('ana@example.org')]]),
  good(['a name of a form that is not constrained', permit(mail('example.org')), [other]]),
  {
    name: 'alternative names that cannot be read, where names are constrained',
    clause: 'RFC 5280 4.2.1.6',
    reason: 'malformed',
    chain: plain,
    defect: {
      ca: permit(directory(country('EE'))),
      person: { extensions: { alt: { id: OID.subjectAltName, critical: false, value: NULL } as Extension } },
    },
    at: 'person',
  },
  {
    name: 'no alternative name in the list, where names are constrained',
    clause: 'RFC 5280 4.2.1.6',
    reason: 'malformed',
    chain: plain,
    defect: { ca: permit(directory(country('EE'))), person: alt() },
    at: 'person',
    opensslDiffers: 'it lets the list be empty',
  },
  {
    name: 'more comparisons than anybody needs',
    clause: 'RFC 5280 4.2.1.10',
    reason: 'too_much_work',
    chain: withNames(...Array.from({ length: 600 }, (_, at) => dns(`h${at}.example.org`))),
    defect: { ca: permit(...Array.from({ length: 600 }, (_, at) => dns(`h${599 - at}.example.org`))) },
    at: 'person',
    opensslDiffers: 'its own limit is higher',
  },
  {
    name: 'names that the caller does not permit',
    clause: 'RFC 5280 6.1.3 (b)',
    reason: 'name_not_permitted',
    at: 'ca',
    chain: plain,
    defectInput: { names: { permitted: [directory(country('FI'))] } },
    opensslCannot: 'it has no initial subtrees',
  },
  {
    name: 'names that the caller excludes',
    clause: 'RFC 5280 6.1.3 (c)',
    reason: 'name_excluded',
    at: 'person',
    chain: withNames(dns('www.example.org')),
    defectInput: { names: { excluded: [dns('example.org')] } },
    opensslCannot: 'it has no initial subtrees',
  },
]

const about = (form: string, rows: readonly PathVector[]) =>
  rows.map((row) => ({ ...row, name: `${form}: ${row.name}` }))

/** Name constraints: each form, permitted and excluded, met and malformed. */
export const nameConstraintVectors: readonly PathVector[] = [
  ...about('directoryName', directoryRows),
  ...about('rfc822Name', mailRows),
  ...about('dNSName', hostRows),
  ...about('uniformResourceIdentifier', uriRows),
  ...about('iPAddress', addressRows),
  ...frameRows,
]
