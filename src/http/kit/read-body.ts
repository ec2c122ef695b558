import type { IncomingHttpHeaders } from 'node:http'
import { HttpRefusal } from './problem.ts'
import { JsonRefused, parseStrictJson } from './strict-json.ts'

/** `application/json`, alone or with the one charset that JSON has. Parameters in any case (RFC 9110 §8.3.1). */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?;?$/i

/**
 * The JSON value of a body; undefined when nothing was sent.
 *
 * @throws {HttpRefusal} `request.media_type` for another type or a content coding, `request.malformed`
 */
export function readBody(headers: IncomingHttpHeaders, bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined
  const coding = headers['content-encoding']
  // A coded body could grow a thousandfold behind the size limit.
  if (coding !== undefined && coding.toLowerCase() !== 'identity') throw new HttpRefusal('request.media_type', 415)
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) throw new HttpRefusal('request.media_type', 415)
  try {
    return parseStrictJson(bytes)
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error
    throw new HttpRefusal('request.malformed', 400, { fields: [`body: ${error.fault}`] })
  }
}
