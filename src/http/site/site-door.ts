import type { FastifyInstance } from 'fastify'
import { type Content, pageOf, serve } from '../docs/docs-door.ts'
import { html } from '../docs/html.ts'
import { page } from '../docs/page.ts'
import { refuseOtherMethods } from '../kit/mount.ts'

/** How long readiness may take to find out. A balancer asks every few seconds. */
const READY_TIMEOUT_MS = 1000

/**
 * The server's own paths: a page that says what this is, health for whoever watches it, and a word to crawlers.
 *
 * @param isReady resolves when requests can be served, for example after one query; rejects or hangs otherwise
 */
export function siteDoor(isReady: () => Promise<void>) {
  return (app: FastifyInstance): void => {
    serve(
      app,
      new Map<string, Content>([
        ['/', pageOf(rootPage())],
        ['/robots.txt', { type: 'text/plain; charset=utf-8', text: 'User-agent: *\nDisallow: /\n' }],
      ]),
    )
    app.get('/health/live', async () => ({ status: 'live' }))
    app.get('/health/ready', async (_request, reply) => {
      if (await answersInTime(isReady)) return { status: 'ready' }
      return reply.code(503).header('retry-after', '1').send({ status: 'not ready' })
    })
    refuseOtherMethods(app, [
      { method: 'GET', url: '/health/live' },
      { method: 'GET', url: '/health/ready' },
    ])
  }
}

async function answersInTime(isReady: () => Promise<void>): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), READY_TIMEOUT_MS)
  const answered = isReady().then(
    () => true,
    // Why is in the log of whoever failed; a watcher needs the fact.
    () => false,
  )
  try {
    return await Promise.race([answered, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

function rootPage(): string {
  return page(
    'Chancery',
    html`<p>This server takes a person from an unknown e-mail address to a PDF signed with a certificate that was
issued to that verified person.</p>
<p><a href="/docs">Documentation of its programming interfaces</a></p>`,
  )
}
