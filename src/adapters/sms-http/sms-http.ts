import type { Texter } from '../../core/index.ts'
import { CodedError } from '../../std/error.ts'
import { type Endpoint, jsonPoster } from '../post-json.ts'

/** A text message that the gateway did not take, or may not have taken. Holds neither the number nor the text. */
export class SmsNotSent extends CodedError<'sms.not_sent'> {}

/**
 * Sends text messages through an HTTP gateway.
 *
 * The call: `POST {"to": "+50212345678", "text": "…", "id": "…"}` with a bearer token; `to` is E.164. `id` names the
 * message and is repeated as `Idempotency-Key`: a second call with the same one is the same message, to be sent once.
 * Any 2xx means that the gateway has taken the message. Its body is not read: a long or broken one must not turn a
 * message that was taken into one that is sent again.
 *
 * @throws SmsNotSent on any other status, a redirect among them, and when there is no answer within the limit
 */
export function httpTexter(endpoint: Endpoint): Texter {
  const post = jsonPoster(endpoint)
  return {
    async send({ to, text, id }) {
      const response = await post({ to, text, id }, { 'idempotency-key': id }).catch((cause: unknown) => {
        throw new SmsNotSent('sms.not_sent', 'The SMS gateway did not answer.', {}, { cause })
      })
      await response.body?.cancel()
      if (!response.ok) {
        throw new SmsNotSent('sms.not_sent', 'The SMS gateway refused the message.', { status: response.status })
      }
    },
  }
}
