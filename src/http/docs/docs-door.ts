import type { FastifyInstance, FastifyReply } from 'fastify'
import { JSON_CONTENT } from '../kit/error-form.ts'
import type { Facade } from '../kit/facade.ts'
import { refuseOtherMethods } from '../kit/mount.ts'
import { PAGE_POLICY } from '../kit/security-headers.ts'
import { html, join } from './html.ts'
import { openApiOf } from './openapi.ts'
import { page, SITE_NAVIGATION, STYLE, STYLE_PATH } from './page.ts'
import { referencePage } from './reference-page.ts'

/** What does not change while the server runs is made once and kept as it goes over the wire. */
export type Content = { readonly type: string; readonly text: string }

const MAX_AGE_S = 300

/** The documentation of the facades: `/docs`, one page each, and their OpenAPI documents. */
export function docsDoor(facades: readonly Facade[], publicUrl: string) {
  return (app: FastifyInstance): void => {
    const contents = new Map<string, Content>([
      ['/docs', pageOf(listPage(facades))],
      [STYLE_PATH, { type: 'text/css; charset=utf-8', text: STYLE }],
    ])
    for (const facade of facades) {
      contents.set(`/docs/${facade.name}`, pageOf(referencePage(facade, publicUrl)))
      const document = JSON.stringify(openApiOf(facade, publicUrl), null, 2)
      contents.set(`/docs/${facade.name}/openapi.json`, { type: JSON_CONTENT, text: document })
    }
    serve(app, contents)
  }
}

/** Answers GET and HEAD for each path with its content. */
export function serve(app: FastifyInstance, contents: ReadonlyMap<string, Content>): void {
  for (const [url, content] of contents) {
    app.route({ method: ['GET', 'HEAD'], url, handler: async (_request, reply) => send(reply, content) })
  }
  refuseOtherMethods(
    app,
    [...contents.keys()].flatMap((url) => (['GET', 'HEAD'] as const).map((method) => ({ method, url }))),
  )
}

export function pageOf(text: string): Content {
  return { type: 'text/html; charset=utf-8', text }
}

function send(reply: FastifyReply, { type, text }: Content): FastifyReply {
  if (type.startsWith('text/html')) reply.header('content-security-policy', PAGE_POLICY)
  return reply.header('cache-control', `public, max-age=${MAX_AGE_S}`).header('content-type', type).send(text)
}

function listPage(facades: readonly Facade[]): string {
  const rows = facades.map(
    ({ name, title, version, description }) =>
      html`<li><a href="/docs/${name}">${title}</a> ${version}<br><span class="faint">${description}</span></li>`,
  )
  return page('Documentation', html`<ul>${join(rows)}</ul>`, SITE_NAVIGATION)
}
