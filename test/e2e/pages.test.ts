import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { docsDoor } from '../../src/http/docs/docs-door.ts'
import { createServer } from '../../src/http/server.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { samplePlatform } from '../support/sample-facade.ts'
import { type Serving, serve } from '../support/serving.ts'
import { HOSTILE, hostileFacade } from './hostile-facade.ts'
import {
  axeFindings,
  countFocusable,
  nextTabStop,
  outlineOf,
  sidewaysPx,
  stoppedByPolicy,
  type TabStop,
  watchPolicy,
} from './page-checks.ts'
import { addressesOf, PAGES, type PageName } from './served-pages.ts'

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 800 }
/** WCAG 2.2, 1.4.10: what 400 % of zoom leaves of a desktop. */
const NARROWEST = { width: 320, height: 256 }
const ZOOMED_TWICE = { width: DESKTOP.width / 2, height: DESKTOP.height / 2 }

let serving: Serving
let addresses: Readonly<Record<PageName, string>>
let chromium: TestBrowser
let hostileOrigin: string
const hostile = createServer(samplePlatform(), [], { doors: [docsDoor([hostileFacade()], 'https://sign.example.com')] })

/** Two servers, three journeys and a browser begin: seconds, but for a machine that does much else. */
const START_LIMIT_MS = 60_000

beforeAll(async () => {
  serving = await serve()
  hostileOrigin = await hostile.listen({ host: '127.0.0.1', port: 0 })
  const { publicUrl } = serving.platform.settings
  const opened = await Promise.all([openBrowser(publicUrl, hostileOrigin), addressesOf(serving)])
  chromium = opened[0]
  addresses = opened[1]
}, START_LIMIT_MS)

afterAll(async () => {
  await chromium?.close()
  await hostile.close()
  await serving?.stop()
})

const contexts = new Map<string, Promise<BrowserContext>>()

/** A context for all pages that are looked at in the same way: to open one takes longer than to open a page. */
function contextOf(options: BrowserContextOptions): Promise<BrowserContext> {
  const key = JSON.stringify(options)
  const opened = contexts.get(key) ?? openContext(options)
  contexts.set(key, opened)
  return opened
}

async function openContext(options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await chromium.browser.newContext(options)
  await watchPolicy(context)
  return context
}

/** Opens a page and gives what `look` sees there. */
async function visit<Seen>(
  address: string,
  options: BrowserContextOptions,
  look: (page: Page, status: number) => Promise<Seen>,
): Promise<Seen> {
  const context = await contextOf(options)
  const page = await context.newPage()
  try {
    const answer = await page.goto(address)
    return await look(page, answer?.status() ?? 0)
  } finally {
    await page.close()
  }
}

describe.each(PAGES)('%s', (name) => {
  test('is accessible on a phone and on a desktop, by day and by night', async () => {
    // axe reads the style sheet by a request, which the policy of the page would stop.
    await visit(addresses[name], { bypassCSP: true }, async (page) => {
      for (const viewport of [PHONE, DESKTOP]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize(viewport)
          await page.emulateMedia({ colorScheme })
          expect(await axeFindings(page), `${viewport.width} px, ${colorScheme}`).toEqual([])
        }
      }
    })
  })

  test('scrolls in one direction on a narrow screen, and at twice the zoom or the size of text', async () => {
    await visit(addresses[name], { bypassCSP: true }, async (page) => {
      await page.setViewportSize(NARROWEST)
      expect(await sidewaysPx(page)).toBe(0)
      await page.setViewportSize(ZOOMED_TWICE)
      expect(await sidewaysPx(page)).toBe(0)
      await page.addStyleTag({ content: 'html { font-size: 200% }' })
      expect(await sidewaysPx(page)).toBe(0)
    })
  })

  test('says its language and its name, and leaves out no level of headings', async () => {
    const { lang, title, headings } = await visit(addresses[name], {}, outlineOf)
    expect(lang).toBe('en')
    expect(title).toMatch(/^(.+ · )?Chancery$/)
    expect(headings.filter((level) => level === 1)).toEqual([1])
    expect(headings[0]).toBe(1)
    headings.forEach((level, at) => {
      expect(level - (headings[at - 1] ?? 0)).toBeLessThanOrEqual(1)
    })
  })

  test('is walked with the Tab key alone, from the skip link on, and shows where one is', async () => {
    await visit(addresses[name], { viewport: PHONE }, async (page) => {
      const stops: TabStop[] = []
      const count = await countFocusable(page)
      for (let stop = await nextTabStop(page); stop && stops.length <= count; stop = await nextTabStop(page)) {
        stops.push(stop)
      }
      expect(stops[0]?.text).toBe('Skip to the content')
      expect(stops.map(({ index }) => index)).toEqual([...Array(count).keys()])
      expect(stops.filter(({ inView, ringPx }) => !inView || ringPx < 2)).toEqual([])
    })
  })

  test('lets a keyboard skip what stands before the content', async () => {
    await visit(addresses[name], {}, async (page) => {
      await nextTabStop(page)
      await page.keyboard.press('Enter')
      expect(new URL(page.url()).hash).toBe('#content')
      const isMore = (await countFocusable(page.locator('main'))) > 0
      expect((await nextTabStop(page))?.inMain ?? false).toBe(isMore)
    })
  })

  test('says the same without scripts', async () => {
    const read = (page: Page) => page.locator('body').ariaSnapshot()
    const without = await visit(addresses[name], { javaScriptEnabled: false }, read)
    expect(without).toBe(await visit(addresses[name], {}, read))
    expect(without).toContain('- heading')
  })

  test('asks for nothing that its policy stops, and has the headers of every answer', async () => {
    await visit(addresses[name], {}, async (page, status) => {
      expect(status).toBe(name === 'a link that has ended' ? 404 : 200)
      expect(await stoppedByPolicy(page)).toEqual([])
    })
    const { headers } = await serving.http.call('GET', new URL(addresses[name]).pathname)
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'self';.* frame-ancestors 'none'/,
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': name.startsWith('the ') ? 'public, max-age=300' : 'no-store',
    })
  })

  test('has links that lead somewhere', async () => {
    const hrefs = await visit(addresses[name], {}, (page) =>
      page.evaluate<string[]>('[...document.links].map(({ href }) => href)'),
    )
    const paths = new Set(hrefs.filter((href) => !href.includes('#')).map((href) => new URL(href).pathname))
    for (const path of paths) expect((await serving.http.call('GET', path)).status, path).toBe(200)
  })
})

test('a proofing under way can be looked at again, and its link is not spent by that', async () => {
  await visit(addresses['a proofing under way'], {}, async (page) => {
    await page.getByRole('link', { name: 'Look again' }).press('Enter')
    await page.waitForLoadState()
    expect(page.url()).toBe(addresses['a proofing under way'])
    expect(await page.getByText('Your identity is being checked.').count()).toBe(1)
  })
})

test.each(['/docs', '/docs/hostile'])('hostile text on %s is text', async (path) => {
  await visit(`${hostileOrigin}${path}`, {}, async (page) => {
    const dialogs: string[] = []
    page.on('dialog', async (dialog) => {
      dialogs.push(dialog.message())
      await dialog.dismiss()
    })
    await page.reload()
    expect(await page.locator('img, svg, script, style, iframe, [onerror], [onload]').count()).toBe(0)
    expect(await page.evaluate<string[]>('[...new Set([...document.links].map(({ protocol }) => protocol))]')).toEqual([
      'http:',
    ])
    expect((await page.locator('main').textContent())?.split(HOSTILE).length).toBeGreaterThan(2)
    expect(await stoppedByPolicy(page)).toEqual([])
    expect(dialogs).toEqual([])
  })
})

describe('at the end', () => {
  test('neither a page nor the browser had asked for anything elsewhere', () => {
    expect(chromium.strays).toEqual([])
  })

  test('these checks see what they are for', async () => {
    await visit(addresses['the front page'], { viewport: NARROWEST }, async (page) => {
      await page.evaluate(`
        document.querySelector('main').innerHTML = '<a href="/">wide</a><h4>Odd</h4><img src="/picture.png">'
        Object.assign(document.querySelector('main a').style, { display: 'block', width: '500px', outline: 'none' })`)
      expect((await outlineOf(page)).headings).toEqual([4])
      expect(await sidewaysPx(page)).toBeGreaterThan(100)
      await nextTabStop(page)
      expect(await nextTabStop(page)).toMatchObject({ text: 'wide', ringPx: 0 })
      await expect.poll(() => stoppedByPolicy(page)).toEqual([expect.stringMatching(/^img-src .*\/picture\.png$/)])
      expect(await axeFindings(page)).toContain('image-alt: img')
      await expect(page.goto('http://elsewhere.example/')).rejects.toThrow('ERR_EMPTY_RESPONSE')
    })
    expect(chromium.strays).toEqual(['http://elsewhere.example/'])
  })
})
