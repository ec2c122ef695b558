import { afterAll, describe, expect, test } from 'vitest'
import { sampleFacade, samplePlatform } from '../../../test/support/sample-facade.ts'
import { catalog, type ErrorCode } from '../../core/index.ts'
import { createServer } from '../server.ts'
import { siteDoor } from '../site/site-door.ts'
import { docsDoor } from './docs-door.ts'
import { mockDoor } from './mock-door.ts'
import { openApiOf, refusalsOf } from './openapi.ts'
import { STYLE } from './page.ts'

const URL = 'https://sign.example.com'
const facade = sampleFacade()
let ready: () => Promise<void> = async () => undefined
const app = createServer(samplePlatform(), [facade], {
  doors: [docsDoor([facade], URL), mockDoor([facade]), siteDoor(() => ready())],
})
afterAll(() => app.close())

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApiOf(facade, URL)))
  const operations = Object.values<Record<string, Record<string, unknown>>>(document.paths).flatMap(Object.values)

  test('names every call once, with its credential, and where it is', () => {
    expect(operations.map(({ operationId }) => operationId)).toEqual(['createWidget', 'getWidget', 'spinWidget'])
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers.map(({ url }: { url: string }) => url)).toEqual([`${URL}/sample/v1`, `${URL}/_mock/sample`])
    expect(document.paths['/widgets'].post.security).toEqual([{ m2m_oauth: [] }])
    expect(document.components.securitySchemes.m2m_oauth.flows.clientCredentials.tokenUrl).toBe(`${URL}/oauth/token`)
  })

  test('describes a body and a parameter by the schemas that judge them', () => {
    const { post } = document.paths['/widgets']
    const { schema, example } = post.requestBody.content['application/json']
    expect(schema.required).toEqual(['name'])
    expect(schema.additionalProperties).toBe(false)
    expect(schema.properties.name).toMatchObject({ type: 'string', minLength: 1, maxLength: 80 })
    expect(example).toEqual({ name: 'Sprocket', size: 3 })
    expect(post.parameters).toEqual([
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }),
    ])
    const { parameters } = document.paths['/widgets/{widget_id}'].get
    expect(parameters).toEqual([
      expect.objectContaining({ name: 'widget_id', in: 'path', required: true }),
      expect.objectContaining({ name: 'verbose', in: 'query', required: false }),
    ])
  })

  test('shows examples that their own schemas take', () => {
    for (const route of facade.routes) {
      if (route.body) expect(route.body.safeParse(route.requestExample).success, route.operationId).toBe(true)
      for (const reply of Object.values(route.replies)) {
        expect(reply.schema.safeParse(reply.example).success, route.operationId).toBe(true)
      }
      for (const { body } of refusalsOf(facade, route)) expect(facade.errorSchema.safeParse(body).success).toBe(true)
    }
  })

  test('lists the refusals of a call as they are sent', async () => {
    const { responses } = document.paths['/widgets/{widget_id}'].get
    const examples = responses['404'].content['application/json'].examples
    const sent = await app.inject({ url: '/sample/v1/widgets/w404', headers: { authorization: 'Bearer company-a' } })
    expect(examples['document.not_found'].value).toEqual(sent.json())
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '403', '404', '413', '415', '429', '500', '503'])
    for (const code of Object.keys(examples)) expect(catalog[code as ErrorCode]).toBeDefined()
  })

  test('is served', async () => {
    expect((await app.inject('/docs/sample/openapi.json')).json()).toEqual(document)
  })
})

describe('a page', () => {
  test.each(['/', '/docs', '/docs/sample'])('%s needs no script, no other origin and no inline style', async (url) => {
    const { statusCode, headers, body } = await app.inject(url)
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/)
    expect(body).not.toMatch(/<script|<style|<img|<iframe|\sstyle=|\son\w+=/i)
    expect(body.match(/<link[^>]*>/g)).toEqual(['<link rel="stylesheet" href="/docs/style.css">'])
    expect(body.match(/<h1>/g)).toHaveLength(1)
    expect(body).toContain('<html lang="en">')
    expect(body).toContain('<a class="skip" href="#content">')
    for (const [, id] of body.matchAll(/href="#([^"]+)"/g)) expect(body).toContain(`id="${id}"`)
    expect((await app.inject({ method: 'HEAD', url })).statusCode).toBe(200)
  })

  test('escapes whatever it shows', async () => {
    const { body } = await app.inject('/docs/sample')
    expect(body).toContain('Widgets, for &lt;tests&gt; &amp; nothing else.')
    expect(body).toContain('Everything about &quot;widgets&quot;.')
    expect(body).not.toContain('<tests>')
    expect(body).not.toContain('[object Object]')
  })

  test('shows how to make each call and every refusal', async () => {
    const { body } = await app.inject('/docs/sample')
    const text = body.replaceAll('&#39;', "'").replaceAll('&quot;', '"')
    expect(text).toContain(`curl -X POST '${URL}/sample/v1/widgets' \\\n  -H "Authorization: Bearer $COMPANY_TOKEN"`)
    expect(text).toContain(`-d '{"name":"Sprocket","size":3}'`)
    expect(text).toContain('"code":"PERSON_NOT_VERIFIED"')
    expect(text).toContain('How the widget is called. <span class="rules">1 to 80 characters</span>')
  })

  test('has text that can be read on both grounds: 7 to 1 at least', async () => {
    const sheet = await app.inject('/docs/style.css')
    expect(sheet.headers['content-type']).toBe('text/css; charset=utf-8')
    const themes = [...STYLE.matchAll(/--ground: .*?}/g)].map(([block]) =>
      Object.fromEntries(
        [...block.matchAll(/--(\w+): #(\w+)/g)].map(([, name, colour]) => [name, luminance(colour ?? '')]),
      ),
    )
    expect(themes).toHaveLength(2)
    for (const { ground = 0, raised = 0, text = 0, faint = 0, accent = 0 } of themes) {
      for (const front of [text, faint, accent]) {
        for (const back of [ground, raised]) expect(contrast(front, back)).toBeGreaterThanOrEqual(7)
      }
    }
  })
})

describe('the mock', () => {
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/_mock/sample/widgets', headers: { 'content-type': type }, payload })

  test('refuses in the words of the facade', async () => {
    expect((await post('{')).json().code).toBe('REQUEST_MALFORMED')
    expect((await post('a=b', 'text/plain')).statusCode).toBe(415)
    expect((await app.inject('/_mock/sample/gadgets')).json().code).toBe('REQUEST_UNKNOWN_PATH')
    expect((await app.inject({ method: 'DELETE', url: '/_mock/sample/widgets' })).headers['allow']).toBe('POST')
  })

  test('answers every call with its example, without a credential', async () => {
    expect((await post('{"whatever":1}')).body).toBe('{"widget_id":"w1","name":"Sprocket"}')
    expect((await app.inject('/_mock/sample/widgets/anything')).statusCode).toBe(200)
    expect((await app.inject({ method: 'POST', url: '/_mock/sample/widgets/w1/spin' })).statusCode).toBe(204)
  })
})

describe('health', () => {
  test('not ready while the database is away, or does not answer for a second', async () => {
    ready = () => Promise.reject(new Error('away'))
    expect((await app.inject('/health/ready')).statusCode).toBe(503)
    ready = () => new Promise(() => undefined)
    const start = performance.now()
    expect((await app.inject('/health/ready')).statusCode).toBe(503)
    expect(performance.now() - start).toBeLessThan(1500)
    expect((await app.inject('/health/live')).statusCode).toBe(200)
  })

  test('ready when it answers; crawlers stay out', async () => {
    ready = async () => undefined
    expect((await app.inject('/health/ready')).json()).toEqual({ status: 'ready' })
    expect((await app.inject('/robots.txt')).body).toBe('User-agent: *\nDisallow: /\n')
  })
})

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const full = colour.length === 3 ? [...colour].map((digit) => digit + digit).join('') : colour
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(full.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
