import type { FastifyInstance } from 'fastify'
import { type Platform, type Proofing, readProofingLink } from '../../core/index.ts'
import { type Html, html } from '../docs/html.ts'
import { page } from '../docs/page.ts'
import { refuseOtherMethods } from '../kit/mount.ts'
import { PAGE_POLICY } from '../kit/security-headers.ts'

const PATH = '/proofing/:token'

/** What a person sees behind the link of a proofing session. */
export function proofingDoor(platform: Platform) {
  return (app: FastifyInstance): void => {
    app.get<{ Params: { token: string } }>(PATH, async (request, reply) => {
      const session = await readProofingLink(platform, request.params.token)
      reply.header('content-security-policy', PAGE_POLICY).header('content-type', 'text/html; charset=utf-8')
      if (!session)
        return reply.code(404).send(page('This link has ended', html`<p>Ask the company for a new one.</p>`))
      return reply.send(page('Identity proofing', content(session.status, session.sandbox)))
    })
    refuseOtherMethods(app, [{ method: 'GET', url: PATH }])
  }
}

const WORDS: Readonly<Record<Proofing['status'], string>> = {
  pending: 'Your identity is being checked. You need not do anything; this takes a few seconds.',
  accepted: 'Your identity was confirmed. You can go back to the company.',
  rejected: 'Your identity could not be confirmed. The company tells you what comes next.',
  inconclusive: 'A person looks at your data. The company tells you when that is done.',
  failed: 'The check did not work. Ask the company for a new link.',
  expired: 'The time for this check is over. Ask the company for a new link.',
  cancelled: 'This check was cancelled. Ask the company for a new link if you want to begin again.',
}

function content(status: Proofing['status'], sandbox: boolean): Html {
  const note = sandbox
    ? html`<p class="faint">Sandbox: nobody is really checked. The first letters of the e-mail address choose the outcome.</p>`
    : html``
  // Without a script the page stands still; a refresh by itself would take it from under a slow reader.
  const again = status === 'pending' ? html`<p><a href="">Look again</a></p>` : html``
  return html`<p>${WORDS[status]}</p>${again}${note}`
}
