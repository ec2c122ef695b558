import { describe, expect, test } from 'vitest'
import { readDer } from './der-reader.ts'
import { contextPrimitive, NULL, oid } from './der-writer.ts'
import {
  buildName,
  encodeGeneralName,
  type GeneralName,
  inhibitAnyPolicy,
  isValidityAssured,
  nameConstraints,
  OID,
  PkiError,
  policyConstraints,
  policyMappings,
  readCertificate,
  readGeneralName,
  readInhibitAnyPolicy,
  readName,
  readNameConstraints,
  readPolicyConstraints,
  readPolicyMappings,
  readSubjectAlternativeName,
  subjectAlternativeName,
  validityAssuredShortTerm,
} from './index.ts'
import { buildChain, patched } from './testing/chain-builder.ts'
import { plain } from './testing/path-vectors/path-vector.ts'

const names: readonly GeneralName[] = [
  { form: 'rfc822Name', value: 'ana@example.org' },
  { form: 'dNSName', value: 'example.org' },
  { form: 'uniformResourceIdentifier', value: 'https://example.org/' },
  { form: 'directoryName', value: readName(readDer(buildName([{ type: OID.commonName, value: 'Ana' }]))) },
  { form: 'iPAddress', value: Buffer.of(192, 0, 2, 1) },
  { form: 'registeredID', value: contextPrimitive(8, oid('1.2.3').subarray(2)) },
]

describe('a general name is not read', () => {
  test.each([
    ['of an unknown form', contextPrimitive(9, NULL)],
    ['of another class', NULL],
    ['beyond ASCII', contextPrimitive(2, Buffer.from('bücher.example'))],
  ])('%s', (_, der) => {
    expect(() => readGeneralName(readDer(der))).toThrow(PkiError)
  })
})

test.each(names.map((name) => [name.form, name] as const))('a %s comes back as it was written', (_, name) => {
  expect(readGeneralName(readDer(encodeGeneralName(name)))).toEqual(name)
})

test('extensions come back as they were written', () => {
  const constraints = {
    permitted: names.slice(0, 3).filter(({ form }) => form === 'dNSName'),
    excluded: [...names].slice(0, 2),
  }
  const mappings = [{ issuerDomain: '1.2.3', subjectDomain: '1.2.4' }]
  expect(readSubjectAlternativeName(subjectAlternativeName(names).value)).toEqual(names)
  expect(readNameConstraints(nameConstraints(constraints).value)).toEqual(constraints)
  expect(readPolicyMappings(policyMappings(mappings).value)).toEqual(mappings)
  for (const one of [{ requireExplicitPolicy: 0 }, { inhibitPolicyMapping: 300 }])
    expect(readPolicyConstraints(policyConstraints(one).value)).toEqual(one)
  expect(readInhibitAnyPolicy(inhibitAnyPolicy(7).value)).toBe(7)
})

test('the promise of a short life is NULL and nothing else', () => {
  const withPromise = (value: Uint8Array) => {
    const promise = { ...validityAssuredShortTerm(), value }
    const der = buildChain(patched(plain, { person: { extensions: { promise } } })).get('person')
    return readCertificate(der ?? Buffer.of())
  }
  expect(isValidityAssured(withPromise(NULL))).toBe(true)
  expect(() => isValidityAssured(withPromise(Buffer.of(2, 1, 0)))).toThrow(/NULL/)
  expect(isValidityAssured(readCertificate(buildChain(plain).get('person') ?? Buffer.of()))).toBe(false)
})
