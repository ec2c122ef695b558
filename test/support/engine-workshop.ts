import { readSecurityStore } from '../../src/pades/evidence/security-store.ts'
import {
  type EvidencePlan,
  type Level,
  type PreparedPolicy,
  prepareValidation,
  type Report,
  type SignDocumentRequest,
  type Signer,
  signDocument,
  validate,
} from '../../src/pades/index.ts'
import type { PdfDocument } from '../../src/pdf/index.ts'
import { gatherStatus, httpExchange, memoryStatusCache } from '../../src/pki/index.ts'
import { signerOf } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { type FileName, openSample, sampleFiles } from './engine-files.ts'
import { callJudges, type Judges } from './engine-judges.ts'
import { type KeyName, sampleKey } from './engine-keys.ts'
import { openDesk } from './engine-tools.ts'
import { type SigningWorld, startSigningWorld } from './signing-world.ts'

/** The moment at which everything is signed and judged. */
export const TODAY = '2026-11-20T12:00:00Z'

/** How the revocation of signers is documented: by answers of responders, or by lists. */
export type StatusKind = 'ocsp' | 'crl'

/** Documents, people with all kinds of key, trust services over HTTP, and the judges. */
export type Workshop = AsyncDisposable & {
  readonly world: SigningWorld
  readonly judges: Judges
  /** A new person for each name, so that the evidence about one says nothing about another. */
  signer(key: KeyName, name: string): Signer
  /** The document with one more revision or two. */
  sign(document: PdfDocument, pdf: Bytes, request: SignRequest): Promise<Buffer>
  validate(document: PdfDocument): Promise<Report>
  /** The document of this kind with signatures of nine people or fewer, each at another level than the one before. */
  signedBefore(file: FileName, count: number): Promise<Buffer>
}

export type SignRequest = Partial<SignDocumentRequest> & {
  readonly signer: Signer
  readonly level: Level
  readonly status?: StatusKind
}

const EARLIER: readonly (readonly [KeyName, Level])[] = [
  ['P-256', 'B-LTA'],
  ['RSA-2048', 'B-B'],
  ['P-384', 'B-T'],
  ['P-521', 'B-LT'],
  ['P-256', 'B-B'],
  ['RSA-2048', 'B-LTA'],
  ['P-384', 'B-LT'],
  ['P-521', 'B-T'],
  ['P-256', 'B-B'],
]

export async function openWorkshop(): Promise<Workshop> {
  const world = await startSigningWorld()
  world.setTime(TODAY)
  const desk = await openDesk()
  const now = () => new Date(TODAY)
  const judges = await callJudges({ desk, chain: world.services.chain, time: now() })
  const policy = policyOf(world, now)
  const plans = { ocsp: world.evidence, crl: byLists(world, now) }
  const signer = remembering((key: KeyName, name: string) => {
    const { kind, more } = sampleKey(key)
    return signerOf(world.services.person(name, kind, more), world.services.authority)
  })

  const sign: Workshop['sign'] = async (document, pdf, { status = 'ocsp', ...request }) => {
    const { timestamper } = world
    const tail = await signDocument(document, { signedAt: now(), timestamper, evidence: plans[status], ...request })
    return Buffer.concat([pdf, tail])
  }

  const states = new Map<string, Promise<Buffer>>()
  const signedBefore = (file: FileName, count: number): Promise<Buffer> => {
    const key = `${count} ${file}`
    const state = states.get(key) ?? addSignature(file, count)
    states.set(key, state)
    return state
  }
  const addSignature = async (file: FileName, count: number): Promise<Buffer> => {
    if (count === 0) return await sampleFiles[file].build()
    const pdf = await signedBefore(file, count - 1)
    const [key, level] = EARLIER[count - 1] ?? (['P-256', 'B-B'] as const)
    return await sign(openSample(file, pdf), pdf, { signer: signer(key, `Signer ${count}`), level })
  }
  return {
    world,
    judges,
    signer,
    sign,
    signedBefore,
    validate: (document) => validate(document, policy),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await desk.remove()
    },
  }
}

/** All evidence in a document, for the judges. */
export const evidenceIn = readSecurityStore

function policyOf({ evidence }: SigningWorld, now: () => Date): PreparedPolicy {
  const exchange = httpExchange({ timeoutMs: 5000, attempts: 1 })
  const cache = memoryStatusCache()
  return prepareValidation({
    trustAnchors: evidence.anchors.map(({ der }) => der),
    time: now(),
    fetch: (subject) => gatherStatus(subject, { exchange, now, cache }),
  })
}

function byLists({ evidence }: SigningWorld, now: () => Date): EvidencePlan {
  const exchange = httpExchange({ timeoutMs: 5000, attempts: 1 })
  const cache = memoryStatusCache()
  return {
    ...evidence,
    source: { status: (subject) => gatherStatus(subject, { exchange, now, cache, wanted: ['crl'] }) },
  }
}

function remembering<T>(make: (key: KeyName, name: string) => T): (key: KeyName, name: string) => T {
  const known = new Map<string, T>()
  return (key, name) => {
    const id = `${key} ${name}`
    const made = known.get(id) ?? make(key, name)
    known.set(id, made)
    return made
  }
}
