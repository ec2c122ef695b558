import axe from 'axe-core'
import type { BrowserContext, Locator, Page } from 'playwright-core'

/*
 * What can be said of any page of ours, measured in the browser. The expressions are text because they run there, where
 * there is a `document`, which the rest of the code does not have.
 */

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 AA and good practice: the rule, and where. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe.source)
  return await page.evaluate<readonly string[]>(`axe
    .run({ runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target)))`)
}

/** How far the page, not a box in it, can be scrolled sideways, in CSS pixels. */
export async function sidewaysPx(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

export type Outline = { readonly lang: string; readonly title: string; readonly headings: readonly number[] }

/** How the page introduces itself, with the levels of its headings in order. */
export async function outlineOf(page: Page): Promise<Outline> {
  return await page.evaluate<Outline>(`({
    lang: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) => Number(tagName[1])),
  })`)
}

export type TabStop = {
  /** Which of what takes the focus it is, in the order of the document. */
  readonly index: number
  readonly text: string
  readonly inView: boolean
  readonly inMain: boolean
  /** Width of the ring around it, in CSS pixels; 0 where there is none. */
  readonly ringPx: number
}

const FOCUSABLE = `a[href], [tabindex="0"]`

/** How many links and scrolling boxes there are. */
export async function countFocusable(place: Page | Locator): Promise<number> {
  return await place.locator(FOCUSABLE).count()
}

/** Presses Tab once; undefined when the focus left the page. */
export async function nextTabStop(page: Page): Promise<TabStop | undefined> {
  await page.keyboard.press('Tab')
  const stop = await page.evaluate<TabStop | null>(`(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return null
    const { top, right, bottom, left, width, height } = element.getBoundingClientRect()
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return {
      index: [...document.querySelectorAll('${FOCUSABLE}')].indexOf(element),
      text: element.textContent.slice(0, 60),
      inView: width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
      inMain: element.closest('main') !== null,
      ringPx: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
    }
  })()`)
  return stop ?? undefined
}

/** Notes in every page of the context what its content security policy stopped, from the first byte on. */
export async function watchPolicy(context: BrowserContext): Promise<void> {
  await context.addInitScript(`window.stopped = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      window.stopped.push(effectiveDirective + ' ' + blockedURI)
    })`)
}

/** What the content security policy stopped so far. */
export async function stoppedByPolicy(page: Page): Promise<readonly string[]> {
  return await page.evaluate<readonly string[]>('window.stopped')
}
