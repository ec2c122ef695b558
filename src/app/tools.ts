import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import type { Tools } from '../cli/tools.ts'

/** The whole program takes a second to load, which commands that only work on a document do not wait for. */
const program = () => import('./command-program.ts')
const settings = () => import('./installation.ts')

/** What the commands work with. */
export const tools: Tools = {
  installation: async () => await (await settings()).describeInstallation(),
  open: async () => await (await program()).openPlatform(),
  serve: async (apart) => await (await program()).serve(apart),
  facades: async () => (await program()).facadeNames,
  describe: async (name) => (await program()).describeFacade(name),
  samples: { contract: inRepository('samples/contract.pdf') },
  migrations: inRepository('src/db/migrations'),
  version: packageJson.version,
  isDebugging: async () => (await settings()).isDebugging(),
}

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}
