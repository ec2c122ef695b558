import { createTenant, type NewTenant, readTenants } from '../../core/index.ts'
import { command } from '../command.ts'
import { NotOpened } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { type Interruption, listenForInterruption } from '../interruption.ts'
import { type Output, table } from '../output.ts'
import type { Installation, RunningServer, Tools } from '../tools.ts'

export const start = command({
  about:
    'Starts everything and prints where it is. The first start makes the database, the master key, the authority and a\n' +
    'company to try things with. Ends cleanly on SIGINT and SIGTERM, at once on a second one. The log goes to stderr.',
  operands: {},
  options: {},
  async run(tools, _given, output) {
    const interruption = listenForInterruption()
    try {
      return await serve(tools, output, interruption)
    } finally {
      interruption.release()
    }
  },
})

async function serve(tools: Tools, output: Output, { asked }: Interruption): Promise<ExitCode> {
  const installation = await tools.installation()
  const server = await tools.serve()
  try {
    const first = installation.embedded ? await ensureFirstTenant(server) : undefined
    const places = placesOf(installation, server, await tools.facades())
    tell(output, places, first)
    output.give({ ...places, ...(first ? { firstTenant: credentialsOf(first) } : {}) })
    const lost = await Promise.race([asked, server.lost])
    if (lost) throw new NotOpened('server.lost', lost.message, {}, { cause: lost })
    output.say('Stopping.')
    return EXIT.fine
  } finally {
    await server.stop()
  }
}

/**
 * Something to begin with, where there is no company yet. The secret is shown and kept nowhere: whoever missed it
 * rotates it. Not in a database that somebody else runs: that one is no playground.
 */
async function ensureFirstTenant({ platform }: RunningServer): Promise<NewTenant | undefined> {
  if ((await readTenants(platform)).length > 0) return undefined
  return await createTenant(platform, { name: 'Sandbox', mode: 'sandbox', country: 'GT' })
}

function placesOf({ dataDirectory, embedded }: Installation, server: RunningServer, facades: readonly string[]) {
  const { publicUrl } = server.platform.settings
  return {
    address: server.address,
    publicUrl,
    tokens: `${publicUrl}/oauth/token`,
    docs: facades.map((name) => `${publicUrl}/docs/${name}`),
    mocks: facades.map((name) => `${publicUrl}/_mock/${name}`),
    health: `${publicUrl}/health/ready`,
    dataDirectory,
    database: embedded ? 'embedded' : 'DATABASE_URL',
  } as const
}

function credentialsOf({ tenant, client, clientSecret }: NewTenant) {
  return { tenantId: tenant.id, clientId: client.id, clientSecret }
}

function tell(output: Output, places: ReturnType<typeof placesOf>, first: NewTenant | undefined): void {
  const embedded = places.database === 'embedded'
  const rows = [
    ['Listening on', places.address],
    ['Token endpoint', places.tokens],
    ...places.docs.map((url) => ['Documentation', url]),
    ...places.mocks.map((url) => ['Mock', url]),
    ['Health', places.health],
    ['Data directory', places.dataDirectory],
    ['Database', embedded ? 'embedded PostgreSQL, in the data directory' : 'the PostgreSQL of DATABASE_URL'],
    ['New company', './chancery tenant create --name NAME --mode sandbox'],
    ['Sandbox messages', './chancery outbox'],
  ]
  output.say(output.tone('strong', 'Chancery is ready.'))
  output.say()
  for (const line of table(rows)) output.say(`  ${line}`)
  output.say()
  if (!first) return
  const { tenantId, clientId, clientSecret } = credentialsOf(first)
  output.say('A company to begin with was made. Its secret is shown this once:')
  output.say()
  for (const line of table([
    ['Tenant', `${tenantId} (Sandbox)`],
    ['Client id', clientId],
    ['Client secret', clientSecret],
  ]))
    output.say(`  ${line}`)
  output.say()
}
