import type { EvidencePlan, Level, Signer, Timestamper } from '../../pades/index.ts'
import type { SignatureAlgorithm } from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { makeDemoAuthority } from './demo-authority.ts'
import { DEMO_TSA, demoExchange } from './demo-services.ts'
import { networkExchange, openEvidence, openTimestamper, requireServices } from './open-services.ts'
import { openKeySigner, type SignerChoice, signerOf } from './open-signer.ts'
import { readCertificates } from './read-given.ts'

/** Everything that signing takes beside the document. */
export type Signing = {
  readonly signer: Signer
  readonly timestamper: Timestamper
  readonly evidence: EvidencePlan
  /** Whom the result is judged by, encoded. */
  readonly anchors: readonly Bytes[]
  /** The root that was made for this run; absent when the key was given. */
  readonly demoRoot?: Bytes
}

export type SigningChoice = SignerChoice & {
  readonly level: Level
  readonly trust: readonly string[]
  readonly tsa: readonly string[]
  readonly wanted: SignatureAlgorithm | undefined
}

type Surroundings = { readonly clock: () => Date; readonly random: (bytes: number) => Buffer }

/**
 * The signer that was named, or a demo signer under an authority that is made for this run. A time-stamp of the demo
 * never stands beside the signature of a real key. @throws UsageError, Refused, `PadesError`, `PkiError`
 */
export async function openSigning(choice: SigningChoice, surroundings: Surroundings): Promise<Signing> {
  const { wanted, level, trust, tsa } = choice
  const trusted = await readCertificates(trust)
  const signer = await openKeySigner(choice, wanted, surroundings.clock())
  if (!signer) return demoSigning(trusted, tsa, wanted, surroundings)
  requireServices(level, choice)
  const asking = { exchange: networkExchange(), tsa, anchors: trusted, ...surroundings }
  return { signer, timestamper: openTimestamper(asking), evidence: openEvidence(asking), anchors: trusted }
}

function demoSigning(
  trusted: readonly Bytes[],
  tsa: readonly string[],
  wanted: SignatureAlgorithm | undefined,
  surroundings: Surroundings,
): Signing {
  const { clock, random } = surroundings
  const authority = makeDemoAuthority({ now: clock(), random })
  const { root, signer } = authority
  const exchange = demoExchange(authority, surroundings, networkExchange())
  const anchors = [root.certificate, ...trusted]
  const asking = { exchange, tsa: tsa.length === 0 ? [DEMO_TSA] : tsa, anchors, ...surroundings }
  return {
    signer: signerOf(signer.key, signer.certificate, [root.certificate], wanted, clock()),
    timestamper: openTimestamper(asking),
    evidence: openEvidence(asking),
    anchors,
    demoRoot: root.certificate,
  }
}
