import type { Check } from '../../core/index.ts'
import { carlos, eriksson, jane, lupita, type Specimen } from './specimens.ts'

/** Somebody who goes through a proofing in a known way. */
export type Persona = {
  /** The part of the e-mail address before `+` or `@`. */
  readonly key: string
  readonly about: string
  /** How the core decides on a first attempt; the provider itself only finds. */
  readonly outcome: 'accepted' | 'rejected' | 'inconclusive' | 'cancelled' | 'expired' | 'failed'
  /** Whether another attempt is allowed; said of a rejection only. */
  readonly mayRetry?: boolean
  /** Who the document names where nothing was expected. */
  readonly specimen: Specimen
  readonly evidence: 'photo' | 'chip' | 'wallet'
  /** Checks that come out otherwise than for a genuine person, by code. */
  readonly findings?: Readonly<Partial<Record<Check['code'], Pick<Check, 'verdict' | 'score'>>>>
  /** What the document says against what was expected. */
  readonly says?: {
    readonly name?: readonly [given: string, surname: string]
    readonly ageYears?: number
    readonly expiresInYears?: number
  }
  /** How long the session stays open; it ends at once if not given. */
  readonly openMs?: number
}

const genuine = { outcome: 'accepted', specimen: eriksson, evidence: 'photo' } as const
const healable = { outcome: 'rejected', mayRetry: true, specimen: eriksson, evidence: 'photo' } as const
const final = { outcome: 'rejected', mayRetry: false, specimen: eriksson, evidence: 'photo' } as const
const doubtful = { outcome: 'inconclusive', specimen: eriksson, evidence: 'photo' } as const

const refused = { verdict: 'NOT_OK' } as const
const unsure = { verdict: 'UNCERTAIN' } as const
const skipped = { verdict: 'SKIPPED' } as const

/** The first one stands for everybody whose address names none. */
export const personas: readonly [Persona, ...Persona[]] = [
  { key: 'anna', about: 'a passport and a face, all genuine', ...genuine },
  { key: 'jane', about: 'a Norwegian passport', ...genuine, specimen: jane },
  { key: 'carlos', about: 'a Guatemalan identity card', ...genuine, specimen: carlos },
  { key: 'lupita', about: 'a Mexican identity card', ...genuine, specimen: lupita },
  { key: 'chip', about: 'the chip of a passport, with its signature', ...genuine, evidence: 'chip' },
  { key: 'wallet', about: 'person identification data from a wallet', ...genuine, evidence: 'wallet' },
  { key: 'slow', about: 'five seconds of waiting, then all genuine', ...genuine, openMs: 5000 },
  {
    key: 'expired',
    about: 'a document that expired a year ago',
    ...healable,
    findings: { 'doc.notExpired': refused },
    says: { expiresInYears: -1 },
  },
  {
    key: 'checkdigit',
    about: 'a wrong check digit in the machine-readable zone',
    ...healable,
    findings: { 'doc.mrzCheckDigits': refused },
  },
  {
    key: 'photo',
    about: 'a photograph held before the camera',
    ...healable,
    findings: { 'bio.activeLiveness': refused },
  },
  {
    key: 'mismatch',
    about: 'the genuine document of somebody else',
    ...healable,
    says: { name: ['Zoltan', 'Wintergreen'] },
  },
  {
    key: 'impostor',
    about: 'a face that is not the one in the document',
    ...final,
    findings: { 'bio.faceMatch': { ...refused, score: 0.78 } },
  },
  {
    key: 'forgedchip',
    about: 'a chip whose picture was altered',
    ...final,
    evidence: 'chip',
    findings: { 'chip.passiveAuthentication': refused },
  },
  {
    key: 'minor',
    about: 'somebody ten years old',
    ...final,
    findings: { 'data.minimumAge': refused },
    says: { ageYears: 10 },
  },
  {
    key: 'blurry',
    about: 'a picture in which nothing can be read',
    ...doubtful,
    findings: {
      'doc.imageQuality': unsure,
      'doc.mrzCheckDigits': skipped,
      'doc.notExpired': skipped,
      'doc.vizMatchesMrz': skipped,
      'bio.faceMatch': skipped,
      'data.minimumAge': skipped,
      'risk.sanctions': skipped,
    },
  },
  {
    key: 'lookalike',
    about: 'a face between alike and different',
    ...doubtful,
    findings: { 'bio.faceMatch': { ...unsure, score: 0.58 } },
  },
  {
    key: 'sanctioned',
    about: 'a name that is on a list of sanctions',
    ...doubtful,
    findings: { 'risk.sanctions': { ...unsure, score: 1 } },
  },
  { key: 'abandon', about: 'the person leaves', ...genuine, outcome: 'cancelled' },
  { key: 'timeout', about: 'the session runs out', ...genuine, outcome: 'expired' },
  { key: 'outage', about: 'the provider fails', ...genuine, outcome: 'failed' },
]
