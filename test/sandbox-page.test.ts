import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Persona, personas } from '../src/adapters/proofing-sandbox/index.ts'
import { knownEntries } from '../src/adapters/registry-sandbox/index.ts'

const page = await readFile(new URL('../docs/sandbox.md', import.meta.url), 'utf8')

/** What `kyc-status` says of each outcome. */
const STATUS = {
  accepted: '`Approved`',
  rejected: '`Rejected`',
  inconclusive: '`RequiresReview`',
  cancelled: '`NotPerformed`',
  expired: '`NotPerformed`',
  failed: '`Error`',
} as const satisfies Record<Persona['outcome'], string>

const statusOf = ({ outcome, mayRetry, openMs }: Persona) => {
  const waiting = openMs === undefined ? '' : `\`Processing\` for ${openMs / 1000} s, then `
  if (outcome !== 'rejected') return `${waiting}${STATUS[outcome]}`
  return `${STATUS.rejected}, \`${mayRetry ? 'Retry available' : 'Do not retry'}\``
}

const personRow = ({ nationalId, about, answer }: (typeof knownEntries)[number]) => {
  if (typeof answer === 'string') return `| \`${nationalId}\` | | | | ${about} |`
  const { givenName, surname, dateOfBirth, taxId } = answer
  return `| \`${nationalId}\` | ${givenName} ${surname} | ${dateOfBirth} | ${taxId ?? 'none'} | ${about} |`
}

test('the page has exactly the personas there are', () => {
  const rows = personas.map((persona) => `| \`${persona.key}\` | ${persona.about} | ${statusOf(persona)} |`)
  expect(page).toContain(`\n\n| prefix | who | status |\n|---|---|---|\n${rows.join('\n')}\n\n`)
})

test('the page has exactly the DPIs with an answer of their own', () => {
  const rows = knownEntries.map(personRow)
  expect(page).toContain(`\n\n| DPI | name | born | NIT | why |\n|---|---|---|---|---|\n${rows.join('\n')}\n\n`)
})
