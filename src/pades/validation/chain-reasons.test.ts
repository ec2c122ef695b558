import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../pdf/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { certificatePolicies, type Extension, OID, sequence, tlv } from '../../pki/index.ts'
import {
  authorityExtensions,
  authorityName,
  type Holder,
  type IssueInput,
  issue,
  NOW,
  newAuthority,
  personExtensions,
  signerOf,
} from '../../pki/testing/authority.ts'
import { validate } from '../index.ts'
import { signed } from '../testing/signing.ts'

const pdf = buildPdf('table')
const authority = newAuthority()
const { root } = authority
const issued = {
  notAfter: new Date('2027-12-01Z'),
  profile: 'authority',
  spoil: (template) => template,
} as const satisfies Partial<IssueInput>

/** Permits names with the country Estonia alone. */
const onlyEstonians: Extension = {
  id: OID.nameConstraints,
  critical: true,
  // GeneralSubtrees of one directoryName: countryName EE.
  value: sequence(
    tlv(
      0xa0,
      sequence(
        tlv(0xa4, sequence(tlv(0x31, sequence(Buffer.from('0603550406', 'hex'), tlv(0x13, Buffer.from('EE')))))),
      ),
    ),
  ),
}

function issuing(change: Partial<IssueInput>): Holder {
  const extensions = authorityExtensions(0)
  return issue({ issuer: root, subject: authorityName('Other Issuing'), extensions, ...issued, ...change })
}

async function judged(
  between: readonly Holder[],
  leafIssuer: Holder,
  more: Parameters<typeof validate>[1] | object = {},
) {
  const person = authority.person('Ana Ruiz', 'P-256', { issuer: leafIssuer })
  const [lowest = leafIssuer] = between
  const bytes = await signed(pdf, signerOf(person, { ...authority, issuing: lowest }))
  const report = await validate(bytesSource(bytes), {
    trustAnchors: [root.certificate],
    intermediates: between.map(({ certificate }) => certificate),
    time: NOW,
    revocation: 'none',
    ...more,
  })
  return report.signatures[0]
}

describe('a chain that breaks a rule is INDETERMINATE, with the clause', () => {
  const constrained = issuing({ extensions: [...authorityExtensions(0), onlyEstonians] })
  const short = issuing({})
  const below = issue({ issuer: short, subject: authorityName('Below'), extensions: authorityExtensions(), ...issued })
  const noAuthority = issuing({ extensions: personExtensions.slice(0, 2) })

  test.each<[string, readonly Holder[], Holder, string, string, string]>([
    ['not trusted', [], newAuthority().issuing, 'NO_CERTIFICATE_CHAIN_FOUND', 'chain.no_path', 'RFC 5280 4.2.1.1'],
    [
      'a name that was not permitted',
      [constrained],
      constrained,
      'CHAIN_CONSTRAINTS_FAILURE',
      'chain.name_not_permitted',
      'RFC 5280 6.1.3 (b)',
    ],
    [
      'a path that is too long',
      [below, short],
      below,
      'CHAIN_CONSTRAINTS_FAILURE',
      'chain.path_too_long',
      'RFC 5280 6.1.4 (l)',
    ],
    [
      'an issuer that is no authority',
      [noAuthority],
      noAuthority,
      'CHAIN_CONSTRAINTS_FAILURE',
      'chain.not_an_authority',
      'RFC 5280 6.1.4 (k)',
    ],
  ])('%s', async (_, between, leafIssuer, subIndication, code, clause) => {
    const report = await judged(between, leafIssuer)
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication, reason: { code } })
    expect(report?.reason?.message).toContain(clause)
  })

  test('a policy that nobody asked for', async () => {
    const wanted = issuing({
      extensions: [...authorityExtensions(0), certificatePolicies([{ policy: OID.anyPolicy }])],
    })
    const good = { acceptPolicies: ['1.3.6.1.4.1.99999.1.1'] }
    expect(await judged([wanted], wanted, good)).toMatchObject({ indication: 'TOTAL-PASSED' })
    const report = await judged([wanted], wanted, { acceptPolicies: ['1.2.3.4'] })
    expect(report).toMatchObject({ subIndication: 'CHAIN_CONSTRAINTS_FAILURE', reason: { code: 'chain.policy' } })
    expect(report?.reason?.message).toMatch(/RFC 5280 6\.1\.\d/)
  })
})
