import { sign as bareSign } from 'node:crypto'
import { HttpTimestampAuthority, type PAdESLevel, PDF, type Signer } from '@libpdf/core'
import type { Cases } from './contender.ts'
import { documentSizes, fieldValues, sampleDocument, sampleForm } from './sample-documents.ts'
import { type KeyKind, keyKinds, now, privateKeyOf, type World } from './world.ts'

/** LibPDF as its manual has it: load, then sign. The key is used through node's `sign`, as the engine's is. */
export async function libpdf(world: World): Promise<Cases> {
  const all = keyKinds.flatMap((kind) => documentSizes.map((size) => casesOf(world, kind, sampleDocument(size), size)))
  const cases = Object.assign({}, ...all) as Cases
  const form = sampleForm()
  const fill = async () => {
    const pdf = await PDF.load(form)
    pdf.getForm()?.fill(fieldValues)
    return await pdf.save({ incremental: true })
  }
  await fill()
  return { ...cases, fill: { work: fill } }
}

function casesOf(world: World, kind: KeyKind, pdf: Buffer, size: string): Cases {
  const signer = signerOf(world, kind)
  const timestampAuthority = new HttpTimestampAuthority(world.tsa)
  const signed = (level: PAdESLevel) => async () =>
    (await (await PDF.load(pdf)).sign({ signer, level, timestampAuthority, signingTime: now() })).bytes
  const levels = ['B-B', 'B-T', 'B-LTA'] as const
  return Object.fromEntries(levels.map((level) => [`${kind}, ${size}, ${level}`, { work: signed(level) }]))
}

function signerOf({ people, chain }: World, kind: KeyKind): Signer {
  const key = privateKeyOf(people[kind])
  return {
    certificate: people[kind].certificate,
    certificateChain: [...chain],
    ...(kind === 'P-256'
      ? { keyType: 'EC', signatureAlgorithm: 'ECDSA' }
      : { keyType: 'RSA', signatureAlgorithm: 'RSASSA-PKCS1-v1_5' }),
    sign: (data) => Promise.resolve(bareSign('sha256', data, key)),
  }
}
