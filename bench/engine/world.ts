import { createPrivateKey, randomBytes } from 'node:crypto'
import { createTimestamper, keySigner, onlineEvidence, type Signer } from '../../src/pades/index.ts'
import { httpExchange, prepareCmsSigner, readCertificate, type SignatureAlgorithm } from '../../src/pki/index.ts'
import type { Bytes } from '../../src/std/bytes.ts'

export const keyKinds = ['P-256', 'RSA-2048'] as const
export type KeyKind = (typeof keyKinds)[number]

/** What every measured process is told: plain data, as it comes from another process. */
export type World = {
  /** Where time-stamps are given. */
  readonly tsa: string
  /** Issuing authority and root, encoded. */
  readonly chain: readonly Bytes[]
  readonly people: Readonly<Record<KeyKind, Person>>
  /** Files on the disk by their size. */
  readonly files: Readonly<Record<string, string>>
}

/** A certificate with its key in PKCS #8. */
export type Person = { readonly certificate: Bytes; readonly key: Bytes; readonly algorithm: SignatureAlgorithm }

export const now = () => new Date()

export function privateKeyOf({ key }: Person) {
  return createPrivateKey({ key: Buffer.from(key), type: 'pkcs8', format: 'der' })
}

export function signerOf({ people, chain }: World, kind: KeyKind): Signer {
  const { certificate, algorithm } = people[kind]
  return keySigner(prepareCmsSigner({ certificate, chain, algorithm }), privateKeyOf(people[kind]))
}

/** The tools for the levels above B-B, over real HTTP. `evidenceAnew` keeps no answer from one signature to the next. */
export function toolsOf({ tsa, chain }: World) {
  const [issuing, root] = chain.map(readCertificate)
  if (!issuing || !root) throw new Error('the chain is too short')
  const exchange = httpExchange({ timeoutMs: 5000, attempts: 1 })
  const trust = { anchors: [root], intermediates: [issuing] }
  const timestamper = createTimestamper({ authorities: [{ url: tsa }], exchange, trust, now, random: randomBytes })
  const evidenceAnew = () => ({ ...trust, source: onlineEvidence({ exchange, now }) })
  return { timestamper, evidence: evidenceAnew(), evidenceAnew }
}
