import { createHash, sign } from 'node:crypto'
import { buildCms, type CmsVariant } from '../../src/pades/testing/cms.ts'
import { ana, authority } from '../../src/pades/testing/signing.ts'
import { objectsOf, writePdf } from '../../src/pdf/testing/pdf-builder.ts'
import type { Holder } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'

const NUMBERS = ['1111111111', '2222222222', '3333333333'] as const
/** What stands for the byte range in a signature dictionary that is written by hand. */
export const RANGE = `[0 ${NUMBERS.join(' ')}]`
const HOLE_BYTES = 6000
/** What stands for the container. */
export const HOLE = `<${'00'.repeat(HOLE_BYTES)}>`

/** The usual entries of a signature dictionary but the two that are filled in. */
export const HEAD = '/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261120120000Z)'

export type HandSigning = {
  /** The dictionary of the signature, with `RANGE` and `HOLE` in it. */
  readonly dictionary?: string
  /** Other objects of the document; `Sig_A`, object 6, has the signature, object 30. */
  readonly objects?: Readonly<Record<number, string>>
  /** A last change of the file before it is signed, which keeps its length. */
  readonly change?: (file: Buffer) => Buffer
  readonly cms?: CmsVariant
  readonly holder?: Holder
  readonly container?: (digest: Bytes, signBytes: (data: Bytes) => Bytes) => Bytes
}

/** A document whose signature dictionary is written by hand, and whose signature is right. */
export function handSigned(signing: HandSigning = {}): Buffer {
  const { dictionary = `<<${HEAD}/ByteRange${RANGE}/Contents${HOLE}>>`, objects = {}, change, holder = ana } = signing
  const all = objectsOf({ form: true })
  all.set(6, '<</Type/Annot/Subtype/Widget/Rect[60 100 260 160]/P 10 0 R/F 4/FT/Sig/T(Sig_A)/V 30 0 R>>')
  all.set(30, dictionary)
  for (const [number, body] of Object.entries(objects)) all.set(Number(number), body)
  const written = writePdf('table', all)
  const file = change?.(written) ?? written
  const start = file.indexOf(HOLE, 0, 'latin1')
  const end = start + HOLE.length
  const values = [start, end, file.length - end]
  for (const [i, number] of NUMBERS.entries()) replaceAll(file, number, String(values[i]).padEnd(number.length))
  const digest = createHash('sha256').update(file.subarray(0, start)).update(file.subarray(end)).digest()
  const signBytes = (data: Bytes) => sign('sha256', data, holder.key)
  const usual = { certificates: [holder.certificate, authority.issuing.certificate], ...signing.cms }
  const container = signing.container?.(digest, signBytes) ?? buildCms(holder.certificate, digest, signBytes, usual)
  if (container.length > HOLE_BYTES) throw new Error('the container does not fit')
  file.write(Buffer.from(container).toString('hex'), start + 1, 'latin1')
  return file
}

function replaceAll(file: Buffer, from: string, to: string): void {
  for (let at = file.indexOf(from, 0, 'latin1'); at >= 0; at = file.indexOf(from, at, 'latin1'))
    file.write(to, at, 'latin1')
}
