import { createHash } from 'node:crypto'
import { Signer, SignPdf } from '@signpdf/signpdf'
import { keySigner } from '../../src/pades/index.ts'
import { bytesSource, editDict, openPdf, RevisionWriter, readDict, writeRef } from '../../src/pdf/index.ts'
import {
  assembleSignedData,
  type CmsSigner,
  containerLength,
  prepareCmsSigner,
  signBytes,
  signedAttributes,
} from '../../src/pki/index.ts'
import type { Cases } from './contender.ts'
import { documentSizes, sampleDocument } from './sample-documents.ts'
import { requirePassed } from './sound.ts'
import { keyKinds, type Person, privateKeyOf, type World } from './world.ts'

/** The container of this engine, as signpdf brings none for elliptic curves. */
class ContainerSigner extends Signer {
  readonly identity: CmsSigner
  readonly #key

  constructor(person: Person, chain: World['chain']) {
    super()
    this.identity = prepareCmsSigner({ ...person, chain })
    this.#key = privateKeyOf(person)
    keySigner(this.identity, this.#key)
  }

  override sign(pdf: Buffer): Promise<Buffer> {
    const attributes = signedAttributes(this.identity, createHash('sha256').update(pdf).digest())
    const signature = signBytes(this.identity.algorithm, this.#key, attributes)
    return Promise.resolve(Buffer.from(assembleSignedData(this.identity, attributes, signature)))
  }
}

/**
 * signpdf only fills a place that is there already. That place is written beforehand and not measured, which is to
 * its favour: it neither reads the document nor writes a revision.
 */
export async function signpdf(world: World): Promise<Cases> {
  const cases: Record<string, Cases[string]> = {}
  for (const kind of keyKinds) {
    const signer = new ContainerSigner(world.people[kind], world.chain)
    for (const size of documentSizes) {
      const waiting = withPlace(sampleDocument(size), containerLength(signer.identity))
      const sign = () => new SignPdf().sign(waiting, signer)
      await requirePassed(world, 'signpdf', await sign())
      cases[`${kind}, ${size}, B-B`] = { work: sign }
    }
  }
  return cases
}

const SIGNATURE_FIELD = { number: 6, generation: 0 }

/** The document with an empty signature in its first signature field. */
function withPlace(pdf: Buffer, room: number): Buffer {
  const document = openPdf(bytesSource(pdf))
  const writer = new RevisionWriter(document)
  const ref = writer.allocate()
  const field = readDict(writer.current(SIGNATURE_FIELD) ?? Buffer.alloc(0))
  writer.put(SIGNATURE_FIELD, editDict(field, { V: writeRef(ref) }))
  const star = '/**********'
  const range = `/ByteRange [0 ${star} ${star} ${star}]`.padEnd(60)
  const entries = '/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261120120000Z)'
  writer.put(ref, `<<${entries}${range}/Contents <${'0'.repeat(2 * room)}>>>`)
  return Buffer.concat([pdf, writer.finish(Buffer.from('place')).tail])
}
