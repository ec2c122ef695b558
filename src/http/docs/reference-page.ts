import { catalog } from '../../core/index.ts'
import { mockMount } from '../kit/error-form.ts'
import type { Credential, Facade, Route } from '../kit/facade.ts'
import { fieldTable } from './field-table.ts'
import { type Html, html, join } from './html.ts'
import { refusalsOf, schemaOf } from './openapi.ts'
import { page, SITE_NAVIGATION } from './page.ts'

const CREDENTIALS: Readonly<Record<Credential, string>> = {
  company: 'the token of the company (OAuth 2 client credentials)',
  person: 'the access token of the person',
}
const VARIABLES: Readonly<Record<Credential, string>> = { company: 'COMPANY_TOKEN', person: 'ACCESS_TOKEN' }

/** The reference of a facade as one page that works without a network and without scripts. Pure. */
export function referencePage(facade: Facade, publicUrl: string): string {
  const tags = Object.entries(facade.tags)
  const calls = html`<nav aria-label="Calls"><ul>${join(
    facade.routes.map(({ operationId, summary }) => html`<li><a href="#${operationId}">${summary}</a></li>`),
  )}</ul></nav>`
  const content = html`<p>${facade.description}</p>
<p>Version ${facade.version} · <a href="/docs/${facade.name}/openapi.json">OpenAPI document</a> ·
base address <code>${publicUrl}${facade.mount}</code> · examples without state at <code>${publicUrl}${mockMount(facade)}</code></p>
${calls}
${join(tags.map(([tag, description]) => section(facade, publicUrl, tag, description)))}
${errorTable(facade)}`
  return page(facade.title, content, SITE_NAVIGATION)
}

function section(facade: Facade, publicUrl: string, tag: string, description: string): Html {
  const routes = facade.routes.filter((route) => route.tag === tag)
  return html`<section><h2>${tag}</h2><p>${description}</p>${join(routes.map((route) => call(facade, publicUrl, route)))}</section>`
}

function call(facade: Facade, publicUrl: string, route: Route): Html {
  return html`<article aria-labelledby="${route.operationId}">
<h3 id="${route.operationId}">${route.summary}</h3>
<p><code class="method">${route.method}</code> <code>${facade.mount}${route.path}</code></p>
<p>${route.description}</p>
<p class="faint">Takes ${CREDENTIALS[route.credential]}.</p>
${fieldTable('Path', schemaOf(route.params, 'input'))}
${fieldTable('Query', schemaOf(route.query, 'input'))}
${route.body ? fieldTable('Request body', schemaOf(route.body, 'input')) : html``}
${example('Example of the request', curl(facade, publicUrl, route))}
${join(Object.entries(route.replies).map(([status, reply]) => answer(status, reply)))}
</article>`
}

function answer(status: string, { description, schema, example: body }: Route['replies'][number]): Html {
  const heading = html`<h4>Answer ${status}</h4><p>${description}</p>`
  if (body === undefined) return heading
  const fields = fieldTable('Body of the answer', schemaOf(schema, 'output'))
  return html`${heading}${fields}${example('Example of the answer', JSON.stringify(body, null, 2))}`
}

/** Focusable, because it may scroll: a keyboard has no other way to the end of a long line. */
function example(label: string, text: string): Html {
  return html`<pre role="group" aria-label="${label}" tabindex="0"><code>${text}</code></pre>`
}

function curl(facade: Facade, publicUrl: string, { method, path, credential, body, requestExample }: Route): string {
  const lines = [
    `curl -X ${method} '${publicUrl}${facade.mount}${path}'`,
    `  -H "Authorization: Bearer $${VARIABLES[credential]}"`,
  ]
  // In a POSIX shell nothing inside single quotes needs care but the quote itself.
  const json = JSON.stringify(requestExample)?.replaceAll("'", `'\\''`)
  if (body) lines.push(`  -H 'Content-Type: application/json'`, `  -d '${json}'`)
  return lines.join(' \\\n')
}

/** Every refusal of the facade once, in its own words, by status. */
function errorTable(facade: Facade): Html {
  const refusals = new Map(facade.routes.flatMap((route) => refusalsOf(facade, route)).map((each) => [each.code, each]))
  const rows = [...refusals.values()]
    .toSorted((a, b) => a.status - b.status)
    .map(
      ({ status, code, body }) =>
        html`<tr><td>${status}</td><td>${catalog[code][1]}<br><code>${JSON.stringify(body)}</code></td></tr>`,
    )
  return html`<section><h2>Errors</h2><div class="table" role="group" aria-label="Errors" tabindex="0"><table>
<thead><tr><th scope="col">Status</th><th scope="col">Cause and body</th></tr></thead>
<tbody>${join(rows)}</tbody></table></div></section>`
}
