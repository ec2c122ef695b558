import { type Html, html } from './html.ts'

export const STYLE_PATH = '/docs/style.css'

const PRODUCT = 'Chancery'

/** The way back from a page of documentation. */
export const SITE_NAVIGATION = html`<nav aria-label="Site"><a href="/">${PRODUCT}</a> <a href="/docs">Documentation</a></nav>`

/** A page of ours: a skip link, one heading, one style sheet, no script. */
export function page(title: string, content: Html, navigation: Html = html``): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === PRODUCT ? title : `${title} · ${PRODUCT}`}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${navigation}
<main id="content">
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.markup
}

/** Contrast of text and links: at least 7 to 1 on both grounds (WCAG 2.2, 1.4.6). */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f3f5f7; --text: #16202a; --faint: #45525f; --line: #ccd4dc; --accent: #0b4f8a; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12171c; --raised: #1c232b; --text: #e8edf2; --faint: #b4c0cb; --line: #36424e; --accent: #9ccdff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
body > nav { max-width: 60rem; margin: 0 auto; padding: .5rem 1rem 0; }
body > nav a { display: inline-block; margin-right: 1rem; padding: .5rem 0; }
main ul { padding-left: 1.2rem; }
main nav ul { columns: 18rem; column-gap: 2.5rem; }
main nav li { break-inside: avoid; padding: .15rem 0; }
p { max-width: 46rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--ground); }
h1 { line-height: 1.2; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin-top: 2.5rem; }
h4 { margin: 1.5rem 0 .3rem; }
h4 + p { margin-top: 0; }
.faint, .type, .rules { color: var(--faint); }
.type, .rules { font-weight: normal; }
code, pre { font: .9rem/1.5 ui-monospace, monospace; }
pre { padding: .8rem; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; overflow-x: auto; overflow-wrap: normal; }
.table { margin: 1rem 0; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; overflow-wrap: break-word; }
table code { line-height: inherit; }
td code { overflow-wrap: anywhere; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border: 1px solid var(--line); }
th { background: var(--raised); }
th[scope=row] { width: 40%; }
@media (min-width: 40rem) { th[scope=row] { width: 18rem; white-space: nowrap; } }
.method { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--raised); }
`
