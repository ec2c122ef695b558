import { ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../../core/index.ts'
import { HttpRefusal, problemDetails, problemOf } from './problem.ts'
import type { SecurityHeaders } from './security-headers.ts'

/** What Node's parser says of bytes that never became a request, as HTTP's own answer. */
const REFUSALS: Readonly<Record<string, readonly [ErrorCode, number]>> = {
  HPE_HEADER_OVERFLOW: ['request.too_large', 431],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['request.too_large', 413],
  ERR_HTTP_REQUEST_TIMEOUT: ['request.timeout', 408],
}
const NO_REQUEST: readonly [ErrorCode, number] = ['request.invalid', 400]

/**
 * Answers what is no HTTP request: both a length and a coding (RFC 9112 §6.3), a header of 20 kB, a request that
 * never ends. The connection is closed, because nobody can tell where the next request would begin.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  headers: SecurityHeaders,
  requestId: string,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy()
    return
  }
  const [code, status] = REFUSALS[error.code ?? ''] ?? NO_REQUEST
  const answer = answerOf(code, status, headers, requestId)
  socket.end(rawMessage(answer.status, answer.text, { ...answer.headers, connection: 'close' }))
}

/** Answers an `Expect` that nobody here can meet (RFC 9110 §10.1.1); Node meets `100-continue` by itself. */
export function answerExpectation(response: ServerResponse, headers: SecurityHeaders, requestId: string): void {
  const answer = answerOf('request.invalid', 417, headers, requestId)
  response.writeHead(answer.status, { ...answer.headers, connection: 'close' }).end(answer.text)
}

/**
 * Whether an answer to an earlier request is under way on this connection: more bytes would be taken for it.
 * A request whose own body is at fault was not read to its end yet.
 */
function isAnswering(socket: Socket): boolean {
  // Node keeps the answer that a connection is busy with under this name, and reads it for the same question.
  const current = '_httpMessage' in socket ? socket._httpMessage : undefined
  return current instanceof ServerResponse && (current.headersSent || current.req.complete)
}

function answerOf(code: ErrorCode, status: number, headers: SecurityHeaders, requestId: string) {
  const { body, contentType = 'application/json' } = problemDetails(problemOf(new HttpRefusal(code, status), requestId))
  const text = JSON.stringify(body)
  const length = String(Buffer.byteLength(text))
  return {
    status,
    text,
    headers: { ...headers, 'x-request-id': requestId, 'content-type': contentType, 'content-length': length },
  }
}

/** A whole HTTP/1.1 message, for a connection that has no response object. */
function rawMessage(status: number, text: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ ...headers, date: new Date().toUTCString() }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n')
}
