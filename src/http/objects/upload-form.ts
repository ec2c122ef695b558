import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { DomainError } from '../../core/index.ts'

/** Fields as they came, and the file behind them, not read yet. */
export type IncomingForm = { readonly fields: ReadonlyMap<string, string>; readonly file: AsyncIterable<Uint8Array> }

/** Seven fields are ours; a client may add a few that the policy allows. */
const MAX_FIELDS = 20
const MAX_FIELD_BYTES = 16_384

/**
 * Reads a multipart form up to its file, which stands last as S3 wants it. The file's bytes flow when they are read;
 * a connection that breaks ends them with an error.
 *
 * @throws DomainError document.upload_malformed
 */
export function readUploadForm(request: IncomingMessage): Promise<IncomingForm> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>()
    const malformed = (): void => {
      request.unpipe()
      reject(new DomainError('document.upload_malformed'))
    }
    const parser = openParser(request, malformed)
    if (!parser) return
    let file: Readable | undefined
    parser.on('field', (name, value, nameTruncated, valueTruncated) => {
      if (nameTruncated || valueTruncated || fields.has(name)) malformed()
      fields.set(name, value)
    })
    parser.on('file', (name, stream) => {
      file = stream
      // A broken end may come before anybody reads, or after whoever read has refused: it must find a listener.
      stream.on('error', malformed)
      // A file under another name would be one that the policy says nothing of. What follows the file is not looked at.
      if (name === 'file') resolve({ fields: new Map(fields), file: bytesOf(stream) })
      else malformed()
    })
    parser.on('fieldsLimit', malformed)
    parser.on('filesLimit', malformed)
    parser.on('error', (error) => {
      file?.destroy(error instanceof Error ? error : new Error('the form is malformed'))
      malformed()
    })
    // Without a file the form ends here; after one this comes too late to matter.
    parser.on('finish', malformed)
    request.on('close', () => {
      if (!request.complete) file?.destroy(new Error('the connection closed before the end of the file'))
    })
    request.pipe(parser)
  })
}

/** The bytes of the file. However a form breaks off, it is the form that is malformed. */
async function* bytesOf(stream: Readable): AsyncIterable<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw new DomainError('document.upload_malformed', {}, { cause })
  }
}

function openParser(request: IncomingMessage, malformed: () => void): BusboyInstance | undefined {
  const contentType = request.headers['content-type']
  if (contentType === undefined) {
    malformed()
    return undefined
  }
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, fieldNameSize: 100, files: 1, headerPairs: 20 },
    })
  } catch {
    // The parser refuses a media type without a boundary; its words are not ours.
    malformed()
    return undefined
  }
}
