import { posix } from 'node:path'
import { COMPUTED, type Import, type SourceFile, withoutComments } from './architecture-imports.ts'

/** The floors of `src`, from the ground up. A folder imports itself and lower floors: never beside, never up. */
export const FLOORS: readonly (readonly string[])[] = [
  ['std'],
  ['pki', 'pdf', 'fonts', 'db'],
  ['pades'],
  ['core'],
  ['adapters', 'http', 'worker', 'cli'],
  ['app'],
]

/** A rule that a file broke, and the import or text that broke it. */
export type Violation = { readonly rule: Rule; readonly file: string; readonly culprit: string }

export type Rule =
  | 'every folder of src has a floor'
  | 'every import can be read'
  | 'imports run downwards'
  | 'core is entered through its index'
  | 'core knows no framework, network or file system'
  | 'pki, pdf and pades import nothing but node and lower floors'
  | 'facades are strangers to each other'
  | 'adapters are strangers to each other'
  | 'nobody imports app'
  | 'the product does not import its tests'
  | 'web imports only sdk and web/ui'
  | 'sdk imports only itself'
  | 'only app/config.ts reads the environment'
  | 'no enums'
  | 'file names are kebab-case'

/** An import with its target told apart: a path inside the repository, or a package (`node:fs`, `@scope/name`). */
type Edge = { readonly from: string; readonly path: string | undefined; readonly module: string | undefined }

const FORBIDDEN_IN_CORE = new Set([
  ...['fastify', 'pg', 'nodemailer', 'oidc-provider', 'pino'],
  ...['node:fs', 'node:http', 'node:http2', 'node:https', 'node:net', 'node:tls', 'node:dgram', 'node:dns'],
  'node:child_process',
])

// Folders that may use the doors of the product and are no part of it.
const isOutside = (file: string) => /^(?:scripts|bench)\//.test(file)
const isTest = (file: string) => /^test\/|\.test\.tsx?$/.test(file)
const folderOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1]
const floorOf = (folder: string | undefined) => FLOORS.findIndex((names) => names.includes(folder ?? ''))
const facadeOf = (path: string) => /^src\/http\/facades\/([^/]+)\//.exec(path)?.[1]
const adapterOf = (path: string) => /^src\/adapters\/([^/]+)\//.exec(path)?.[1]
const roomOfWeb = (path: string) => /^web\/[^/]+\//.exec(path)?.[0] ?? 'web/'

/** What is true of an edge that breaks the rule. */
const EDGE_RULES: readonly (readonly [Rule, (edge: Edge) => boolean])[] = [
  ['every import can be read', ({ from, module }) => module === COMPUTED && from.startsWith('src/')],
  ['imports run downwards', climbs],
  ['core is entered through its index', entersCoreByTheWindow],
  [
    'core knows no framework, network or file system',
    ({ from, module }) => folderOf(from) === 'core' && !isTest(from) && FORBIDDEN_IN_CORE.has(module ?? ''),
  ],
  ['pki, pdf and pades import nothing but node and lower floors', leansOnPackage],
  ['facades are strangers to each other', meetsAFacade],
  ['adapters are strangers to each other', ({ from, path = '' }) => areStrangers(adapterOf(from), adapterOf(path))],
  [
    'nobody imports app',
    ({ from, path = '' }) => path.startsWith('src/app/') && !/^(?:src\/app|test|scripts|bench)\//.test(from),
  ],
  [
    'the product does not import its tests',
    ({ from, path = '' }) => /^(?:src|web|sdk)\//.test(from) && !isTest(from) && isTest(path),
  ],
  ['web imports only sdk and web/ui', leavesTheBrowser],
  [
    'sdk imports only itself',
    ({ from, path }) => from.startsWith('sdk/') && !isTest(from) && !path?.startsWith('sdk/'),
  ],
]

/** The rules that the given imports break, in the order of the imports. */
export function brokenByImports(imports: readonly Import[]): Violation[] {
  return imports.flatMap((line) => {
    const edge = toEdge(line)
    return EDGE_RULES.filter(([, breaks]) => breaks(edge)).map(([rule]) => {
      return { rule, file: line.file, culprit: line.specifier }
    })
  })
}

/** The rules that the words of the given files break. Files outside `src` are free. */
export function brokenByText(sources: readonly SourceFile[]): Violation[] {
  return sources.flatMap(({ file, text }) => {
    if (!file.startsWith('src/')) return []
    const code = withoutComments(text)
    const found: Violation[] = []
    const reading = /\bprocess(?:\.env\b|\[['"]env)|.*\benv\b.*from ['"](?:node:)?process['"]/.exec(code)
    if (reading && file !== 'src/app/config.ts' && !isTest(file)) {
      found.push({ rule: 'only app/config.ts reads the environment', file, culprit: reading[0] })
    }
    const declared = /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w+/m.exec(code)
    if (declared) found.push({ rule: 'no enums', file, culprit: declared[0].trim() })
    return found
  })
}

/** The rules that the given paths break: each below `src` belongs to a floor, and each part of it is kebab-case. */
export function brokenByNames(files: readonly string[]): Violation[] {
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/
  return files.flatMap((file) => {
    const found: Violation[] = []
    const odd = file.split('/').find((part) => !kebab.test(part) && part !== 'README.md')
    if (odd !== undefined) found.push({ rule: 'file names are kebab-case', file, culprit: odd })
    if (floorOf(folderOf(file)) < 0) {
      found.push({ rule: 'every folder of src has a floor', file, culprit: folderOf(file) ?? file })
    }
    return found
  })
}

function toEdge({ file, specifier }: Import): Edge {
  if (specifier.startsWith('.')) {
    return { from: file, path: posix.join(posix.dirname(file), specifier), module: undefined }
  }
  const [first = '', second = ''] = specifier.split('/')
  return { from: file, path: undefined, module: first.startsWith('@') ? `${first}/${second}` : first }
}

function climbs({ from, path }: Edge): boolean {
  if (path === undefined || !from.startsWith('src/')) return false
  if (!path.startsWith('src/')) return !isTest(path) && path !== 'package.json'
  const [here, there] = [folderOf(from), folderOf(path)]
  return here !== there && floorOf(there) >= floorOf(here)
}

function entersCoreByTheWindow({ from, path = '' }: Edge): boolean {
  const isVisitor = isOutside(from) || (from.startsWith('src/') && folderOf(from) !== 'core')
  return isVisitor && path.startsWith('src/core/') && path !== 'src/core/index.ts'
}

function leansOnPackage({ from, module }: Edge): boolean {
  if (!/^src\/(?:pki|pdf|pades)\//.test(from) || isTest(from)) return false
  return module !== undefined && !module.startsWith('node:')
}

/** A facade knows the kit and itself; the kit knows no facade. */
function meetsAFacade({ from, path = '' }: Edge): boolean {
  if (!path.startsWith('src/http/')) return false
  const [here, there] = [facadeOf(from), facadeOf(path)]
  if (from.startsWith('src/http/kit/')) return there !== undefined
  if (here === undefined) return false
  return here !== there && !path.startsWith('src/http/kit/')
}

function areStrangers(here: string | undefined, there: string | undefined): boolean {
  return here !== undefined && there !== undefined && here !== there
}

function leavesTheBrowser({ from, path, module }: Edge): boolean {
  if (!from.startsWith('web/') || isTest(from)) return false
  if (module !== undefined) return module.startsWith('node:')
  return ![roomOfWeb(from), 'web/ui/', 'sdk/'].some((room) => path?.startsWith(room))
}
