import { fail, type Registry } from '../../core/index.ts'
import { type Endpoint, jsonPoster } from '../post-json.ts'
import { readEntry } from './read-entry.ts'

/**
 * Asks a registry behind HTTP.
 *
 * The call: `POST {"country": "GT", "nationalId": "…"}` with a bearer token; `country` is ISO 3166-1 alpha-2,
 * `nationalId` digits and letters alone. The answer: 200 with
 * `{"givenName": "…", "surname": "…", "dateOfBirth": "1990-05-15", "taxId": "…" or null}`, or 404 when the registry
 * does not know the identifier. Everything else counts as no answer.
 *
 * @throws DomainError platform.unavailable from `lookUp`, with a cause that holds no personal data
 */
export function httpRegistry(endpoint: Endpoint): Registry {
  const post = jsonPoster(endpoint)
  return {
    async lookUp({ country, nationalId }) {
      try {
        const response = await post({ country, nationalId })
        if (response.status === 200) return await readEntry(response)
        await response.body?.cancel()
        if (response.status === 404) return undefined
        throw new Error(`the registry answered ${response.status}`)
      } catch (cause) {
        fail('platform.unavailable', {}, cause)
      }
    },
  }
}
