import { type Level, type SignDocumentRequest, signDocument } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import type { Cases } from './contender.ts'
import { documentSizes, sampleDocument } from './sample-documents.ts'
import { requirePassed } from './sound.ts'
import { type KeyKind, keyKinds, now, signerOf, toolsOf, type World } from './world.ts'

const AT_ONCE = 4

/** This engine: from the bytes of a document to those of the signed one. */
export async function levels(world: World): Promise<Cases> {
  const tools = toolsOf(world)
  const all = keyKinds.flatMap((kind) =>
    documentSizes.map((size) => casesOf(world, tools, kind, sampleDocument(size), size)),
  )
  const cases = Object.assign({}, ...all) as Cases
  for (const [name, { work }] of Object.entries(cases)) {
    const result = await work()
    if (Buffer.isBuffer(result)) await requirePassed(world, name, result)
  }
  return cases
}

function casesOf(world: World, tools: ReturnType<typeof toolsOf>, kind: KeyKind, pdf: Buffer, size: string): Cases {
  const signer = signerOf(world, kind)
  const { timestamper, evidence, evidenceAnew } = tools
  const tailOf = (level: Level, given: Partial<SignDocumentRequest> = {}) =>
    signDocument(bytesSource(pdf), { signer, signedAt: now(), level, timestamper, evidence, ...given })
  const whole = async (level: Level, given: Partial<SignDocumentRequest> = {}) =>
    Buffer.concat([pdf, await tailOf(level, given)])
  const named = (what: string) => `${kind}, ${size}, ${what}`
  return {
    [named('B-B')]: { work: () => whole('B-B') },
    [named('B-B, the revision alone')]: { work: async () => ({ tail: await tailOf('B-B') }) },
    [named('B-T')]: { work: () => whole('B-T') },
    [named('B-LTA')]: { work: () => whole('B-LTA') },
    [named('B-LTA, no answer kept')]: { work: () => whole('B-LTA', { evidence: evidenceAnew() }) },
    [named(`B-LTA, ${AT_ONCE} at once`)]: {
      work: () => Promise.all(Array.from({ length: AT_ONCE }, () => whole('B-LTA'))),
      count: AT_ONCE,
    },
  }
}
