import {
  type Dict,
  type Field,
  isNull,
  latin1,
  NULL,
  type PdfDocument,
  readInteger,
  readName,
  readString,
  readText,
} from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'
import { reaches } from './level.ts'
import type { CertificationLevel } from './permissions.ts'
import { obeyCertificateSeed } from './seed-value-certificate.ts'
import { refuseSeed, type SigningFacts } from './signing-facts.ts'

/** What the field demands beyond what was asked for. */
export type SeedDemands = {
  readonly certify?: CertificationLevel
  /** The document must be locked against every change. */
  readonly lockDocument?: boolean
}

/** One constraint: its key, its bit in /Ff, and whether the facts keep to it (ISO 32000-2 table 237). */
type Constraint = {
  readonly key: string
  readonly bit: number
  readonly holds: (value: Bytes, facts: SigningFacts, document: PdfDocument) => boolean
}

const FILTER = 'Adobe.PPKLite'
const SUB_FILTER = 'ETSI.CAdES.detached'
/** The newest version of seed values that is understood here: that of ISO 32000-2. */
const MAX_VERSION = 3

const constraints: readonly Constraint[] = [
  { key: 'Filter', bit: 1, holds: (value) => readName(value) === FILTER },
  { key: 'SubFilter', bit: 2, holds: (value, _facts, document) => namesOf(document, value).includes(SUB_FILTER) },
  { key: 'V', bit: 3, holds: (value) => (readInteger(value) ?? Number.POSITIVE_INFINITY) <= MAX_VERSION },
  { key: 'Reasons', bit: 4, holds: (value, { reason }, document) => allowsReason(textsOf(document, value), reason) },
  // Attestations are not written here, so only an empty list can be obeyed.
  { key: 'LegalAttestation', bit: 5, holds: (value, _facts, document) => textsOf(document, value).length === 0 },
  { key: 'AddRevInfo', bit: 6, holds: (value, { level }) => latin1(value) !== 'true' || reaches(level, 'B-LT') },
  {
    key: 'DigestMethod',
    bit: 7,
    holds: (value, { digest }, document) => namesOf(document, value).includes(digest.toUpperCase()),
  },
  { key: 'AppearanceFilter', bit: 9, holds: () => false },
]
const LOCK_DOCUMENT_BIT = 8

/**
 * Checks the seed value of a field (/SV): what it requires is obeyed or refused, what it merely suggests is left
 * to the caller. Throws `pades.seed_value`, with the key that cannot be obeyed.
 */
export function obeySeedValue(document: PdfDocument, field: Field, facts: SigningFacts): SeedDemands {
  const seed = document.dict(field.dict.get('SV'))
  if (seed === undefined) return {}
  const flags = integerIn(document, seed, 'Ff') ?? 0
  const requires = (bit: number) => (flags & (1 << (bit - 1))) !== 0
  for (const { key, bit, holds } of constraints) {
    const value = document.resolve(seed.get(key) ?? NULL)
    if (!isNull(value) && requires(bit) && !holds(value, facts, document)) refuseSeed(key)
  }
  obeyTimestamp(document, seed, facts)
  const wanted = document.dict(seed.get('Cert'))
  if (wanted) obeyCertificateSeed(document, wanted, facts)
  const certify = demandedCertification(document, seed, facts)
  const locks = requires(LOCK_DOCUMENT_BIT) && readName(document.resolve(seed.get('LockDocument') ?? NULL)) === 'true'
  return { ...(certify === undefined ? {} : { certify }), ...(locks ? { lockDocument: true } : {}) }
}

/** /MDP has no flag: where it stands, it binds. 0 means that the signature must not certify. */
function demandedCertification(
  document: PdfDocument,
  seed: Dict,
  { certify }: SigningFacts,
): CertificationLevel | undefined {
  const dict = document.dict(seed.get('MDP'))
  if (dict === undefined) return undefined
  const level = integerIn(document, dict, 'P')
  if (level === 0 && certify === undefined) return undefined
  const isLevel = level === 1 || level === 2 || level === 3
  if (!isLevel || (certify !== undefined && certify !== level)) refuseSeed('MDP')
  return level
}

/** The address in it is not called: which authority is trusted is the caller's decision. */
function obeyTimestamp(document: PdfDocument, seed: Dict, { level }: SigningFacts): void {
  const dict = document.dict(seed.get('TimeStamp'))
  if (dict && integerIn(document, dict, 'Ff') === 1 && !reaches(level, 'B-T')) refuseSeed('TimeStamp')
}

/** A list with nothing but a full stop, or nothing at all, forbids a reason. */
function allowsReason(allowed: readonly string[], reason: string | undefined): boolean {
  const forbids = allowed.length === 0 || (allowed.length === 1 && allowed[0] === '.')
  return forbids ? reason === undefined : reason !== undefined && allowed.includes(reason)
}

function integerIn(document: PdfDocument, dict: Dict, key: string): number | undefined {
  return readInteger(document.resolve(dict.get(key) ?? NULL))
}

function namesOf(document: PdfDocument, value: Bytes): string[] {
  return (document.array(value) ?? []).flatMap((item) => readName(document.resolve(item)) ?? [])
}

function textsOf(document: PdfDocument, value: Bytes): string[] {
  return (document.array(value) ?? []).map((item) => readText(readString(document.resolve(item)) ?? new Uint8Array()))
}
