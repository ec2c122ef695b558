import chromium from '@sparticuz/chromium'

/**
 * A process of its own, for where the package unpacks to and what it changes depends on the environment. Writes the
 * path of the browser.
 */
process.stdout.write(await chromium.executablePath())
