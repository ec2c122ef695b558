import type { Bytes } from '../../std/bytes.ts'

export type ExchangeRequest = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: Bytes
  readonly contentType?: string
  /** The media types that are taken, separated by commas; an answer of another type is refused. */
  readonly accept: string
  /** The longest answer that is read. */
  readonly maxBytes: number
  /** Ends the exchange, with all attempts to come. */
  readonly signal?: AbortSignal
}

/** One question to a server and its whole answer. Rejects with `pki.exchange`. */
export type Exchange = (request: ExchangeRequest) => Promise<Bytes>
