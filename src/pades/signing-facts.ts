import type { Certificate, DigestAlgorithm } from '../pki/index.ts'
import type { Level } from './level.ts'
import { refuse } from './pades-error.ts'
import type { CertificationLevel } from './permissions.ts'

/** What is about to be signed, as far as a seed value may constrain it. */
export type SigningFacts = {
  readonly certificate: Certificate
  /** The certificates above the signer's. */
  readonly chain: readonly Certificate[]
  readonly digest: DigestAlgorithm
  readonly level: Level
  readonly reason: string | undefined
  readonly certify: CertificationLevel | undefined
}

/** Refuses a signature that is not as the field demands; `what` is the key of the demand. */
export function refuseSeed(what: string): never {
  return refuse('pades.seed_value', 'the field demands something of its signature that is not so', { what })
}
