import { type Level, prepareFill, prepareValidation, signDocument, validate } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { newLinkCache } from '../../src/pki/index.ts'
import type { Case, Cases } from './contender.ts'
import { fieldValues, sampleDocument, sampleForm } from './sample-documents.ts'
import { now, signerOf, toolsOf, type World } from './world.ts'

/** The first against the tenth signature, validation, and a form. */
export async function documents(world: World): Promise<Cases> {
  return { ...(await manySignatures(world)), ...(await validations(world)), ...fillings() }
}

const EARLIER = 9

async function manySignatures(world: World): Promise<Cases> {
  const signer = signerOf(world, 'P-256')
  const sign = (pdf: Buffer) => signDocument(bytesSource(pdf), { signer, signedAt: now() })
  const empty = sampleDocument('50 kB')
  let crowded: Buffer = empty
  for (let earlier = 0; earlier < EARLIER; earlier++) crowded = Buffer.concat([crowded, await sign(crowded)])
  return { 'first signature': { work: () => sign(empty) }, 'tenth signature': { work: () => sign(crowded) } }
}

async function validations(world: World): Promise<Cases> {
  const signer = signerOf(world, 'P-256')
  const { timestamper, evidence } = toolsOf(world)
  const pdf = sampleDocument('50 kB')
  const signedAt = async (level: Level) =>
    Buffer.concat([
      pdf,
      await signDocument(bytesSource(pdf), { signer, signedAt: now(), level, timestamper, evidence }),
    ])
  const judging = async (level: Level, revocation: 'require' | 'none', remembers: boolean): Promise<Case> => {
    const signed = await signedAt(level)
    const policy = prepareValidation({ trustAnchors: world.chain.slice(-1), time: now(), revocation })
    const work = async () => {
      const given = remembers ? policy : { ...policy, links: newLinkCache() }
      const { signatures } = await validate(bytesSource(signed), { ...given, time: now() })
      if (signatures[0]?.indication !== 'TOTAL-PASSED') throw new Error(`a ${level} signature does not pass`)
    }
    return { work }
  }
  return {
    'validate B-B': await judging('B-B', 'none', true),
    'validate B-B, all links anew': await judging('B-B', 'none', false),
    'validate B-LTA': await judging('B-LTA', 'require', true),
    'validate B-LTA, all links anew': await judging('B-LTA', 'require', false),
  }
}

function fillings(): Cases {
  const form = sampleForm()
  return {
    fill: {
      work: async () =>
        Buffer.concat([form, await prepareFill(bytesSource(form), { values: fieldValues, filledAt: now() })]),
    },
  }
}
