import type { Claim, ClaimField, ProofingRequest } from '../../core/index.ts'
import { sha256 } from '../../std/bytes.ts'
import type { Persona } from './personas.ts'

/** How documents write the countries of national identifiers: ISO 3166-1 alpha-2 to alpha-3. */
const ALPHA_3: Readonly<Record<string, string>> = {
  ...{ CO: 'COL', CR: 'CRI', DO: 'DOM', ES: 'ESP', GT: 'GTM', HN: 'HND', MX: 'MEX' },
  ...{ NI: 'NIC', NO: 'NOR', PA: 'PAN', PE: 'PER', SV: 'SLV', US: 'USA' },
}

const VALID_FOR_YEARS = 10
const YEARS_LEFT = 6

/** What the document says: what makes the persona, else what was expected, else the specimen's own data. */
export function claimsOf(persona: Persona, { expected }: ProofingRequest, startedAt: Date): readonly Claim[] {
  const { specimen, says = {}, evidence } = persona
  const [given, surname] = says.name ?? [expected.firstName, expected.lastName]
  const bornOn = says.ageYears === undefined ? expected.birthDate : dateIn(startedAt, -says.ageYears)
  const personalNumber = expected.personalNumber || specimen.personalNumber
  const country = ALPHA_3[expected.country] ?? specimen.country
  const expiresInYears = says.expiresInYears ?? YEARS_LEFT
  const values: Readonly<Record<ClaimField, string>> = {
    firstName: given || specimen.firstName,
    lastName: surname || specimen.lastName,
    birthDate: bornOn || specimen.birthDate,
    birthPlace: specimen.birthPlace,
    // Unspecified, as a document may leave it: nobody says which one is expected.
    gender: 'X',
    nationality: country,
    personalNumber,
    'document.type': specimen.documentType,
    // From the person: two of them never hold one document.
    'document.number': `SP${sha256(personalNumber).toString('hex').slice(0, 7).toUpperCase()}`,
    'document.issuedOn': dateIn(startedAt, expiresInYears - VALID_FOR_YEARS),
    'document.expiryDate': dateIn(startedAt, expiresInYears),
    'document.issuanceCountry': country,
    'document.issuanceAuthority': 'SPECIMEN',
  }
  const fields = Object.keys(values) as ClaimField[]
  return fields.map((field) => ({ field, value: values[field], ...PROTECTION[evidence](field) }))
}

/** Printed beside the machine-readable zone, never in it (ICAO Doc 9303 parts 3 to 5). */
const PRINTED: ReadonlySet<ClaimField> = new Set(['birthPlace', 'document.issuedOn', 'document.issuanceAuthority'])
const CHECKED: ReadonlySet<ClaimField> = new Set([
  'birthDate',
  'personalNumber',
  'document.number',
  'document.expiryDate',
])

type Protection = Pick<Claim, 'source' | 'confidence' | 'protectedBy'>

const PROTECTION: Readonly<Record<Persona['evidence'], (field: ClaimField) => Protection>> = {
  photo: (field) => {
    if (PRINTED.has(field)) return { source: 'VIZ', confidence: 0.9, protectedBy: 'NONE' }
    return { source: 'MRZ', confidence: 0.97, protectedBy: CHECKED.has(field) ? 'CHECK_DIGIT' : 'NONE' }
  },
  chip: () => ({ source: 'CHIP', confidence: 1, protectedBy: 'SIGNATURE' }),
  wallet: () => ({ source: 'WALLET', confidence: 1, protectedBy: 'SIGNATURE' }),
}

/** The day so many years after a moment, as an ISO 8601 date. */
function dateIn(from: Date, years: number): string {
  const day = new Date(from)
  day.setUTCFullYear(day.getUTCFullYear() + years)
  return day.toISOString().slice(0, 10)
}
