import { fail, type Registry } from '../../core/index.ts'
import { inventEntry } from './invent-entry.ts'
import { knownEntries } from './known-entries.ts'

/**
 * A registry of invented people, the same on every machine: a documented DPI has its documented answer, every other
 * identifier a person made from its hash.
 *
 * @throws DomainError platform.unavailable from `lookUp`, for the one DPI that stands for an outage
 */
export function sandboxRegistry(): Registry {
  const answers = new Map(knownEntries.map(({ nationalId, answer }) => [nationalId, answer]))
  return {
    async lookUp({ country, nationalId }) {
      const answer = country === 'GT' ? answers.get(nationalId) : undefined
      if (answer === 'unknown') return undefined
      if (answer === 'down') fail('platform.unavailable')
      return answer ?? inventEntry(country, nationalId)
    },
  }
}
