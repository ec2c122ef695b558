import { formFields, type PdfDocument, type RevisionWriter, requireSigningAllowed } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { digestAfter, type PrefixDigest } from '../document-digest.ts'
import { aroundHole, fillHole, hollowRevision } from '../hollow-revision.ts'
import { addField, fieldName } from '../signature-field.ts'
import type { Timestamper } from './timestamper.ts'

const HEAD = '/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161'
const NAME = 'Timestamp'

/**
 * The revision that puts a document time-stamp over everything so far and over what the writer has collected
 * (EN 319 142-1 5.4.3). `prefix` is the state of the time-stamper's digest after the source, when it is known.
 */
export async function documentTimestamp(
  document: PdfDocument,
  writer: RevisionWriter,
  timestamper: Timestamper,
  prefix?: PrefixDigest,
): Promise<Bytes> {
  requireSigningAllowed(document, 'new_field')
  const ref = writer.allocate()
  await addField(document, writer, fieldName(formFields(document), {}, NAME), {}, ref, undefined)
  const room = await timestamper.room()
  const revision = hollowRevision(document, writer, { ref, head: HEAD, room, seed: 'document time-stamp' })
  const digest = await digestAfter(document.source, timestamper.digest, aroundHole(revision), prefix)
  return fillHole(revision, await timestamper.stampDigest(digest))
}
