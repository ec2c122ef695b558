import type { Check, ProofingReport, ProofingRequest } from '../../core/index.ts'
import { claimsOf } from './claims.ts'
import type { Persona } from './personas.ts'

const ASSURANCE = { photo: 'DOCUMENT_PHOTO', chip: 'DOCUMENT_CHIP', wallet: 'WALLET_PID' } as const

/** What the provider finds of a persona. The same session gives the same report, on any day. */
export function reportOf(persona: Persona, request: ProofingRequest, startedAt: Date): ProofingReport {
  const { outcome, evidence } = persona
  if (outcome === 'cancelled' || outcome === 'expired' || outcome === 'failed') {
    return { ended: outcome, assurance: 'NONE', sandbox: true, claims: [], checks: [] }
  }
  const checks = checksOf(persona)
  const isReadable = checks.every(({ code, verdict }) => code !== 'doc.imageQuality' || verdict === 'OK')
  return {
    ended: 'complete',
    assurance: isReadable ? ASSURANCE[evidence] : 'NONE',
    sandbox: true,
    claims: isReadable ? claimsOf(persona, request, startedAt) : [],
    checks,
  }
}

const passed = { verdict: 'OK', blocking: true } as const
/** Said, so that nobody takes silence for a pass: a photograph does not show it. */
const beyondReach = { verdict: 'NOT_SUPPORTED', blocking: false } as const

const documentChecks: readonly Check[] = [
  { code: 'doc.imageQuality', ...passed },
  { code: 'doc.mrzCheckDigits', ...passed },
  { code: 'doc.notExpired', ...passed, field: 'document.expiryDate' },
  { code: 'doc.vizMatchesMrz', ...passed },
  { code: 'doc.securityFeatures', ...beyondReach },
  // A distance: up to the threshold, the two faces are one person's.
  { code: 'bio.faceMatch', ...passed, score: 0.41, threshold: 0.5 },
  { code: 'bio.activeLiveness', ...passed },
  { code: 'bio.sourceIntegrity', ...beyondReach },
]

/** What is looked at, by what the person brings, as a genuine one passes it. */
const CHECKS: Readonly<Record<Persona['evidence'], readonly Check[]>> = {
  photo: documentChecks,
  chip: [...documentChecks, { code: 'chip.passiveAuthentication', ...passed }],
  wallet: [{ code: 'wallet.presentation', ...passed }],
}

const personChecks: readonly Check[] = [
  { code: 'data.minimumAge', ...passed, field: 'birthDate' },
  // Never refuses by itself: many share a name.
  { code: 'risk.sanctions', verdict: 'OK', blocking: false },
]

function checksOf({ evidence, findings = {} }: Persona): readonly Check[] {
  return [...CHECKS[evidence], ...personChecks].map((check) => ({ ...check, ...findings[check.code] }))
}
