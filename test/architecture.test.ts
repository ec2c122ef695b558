import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { COMPUTED, importsOf, listTree, readSources } from './support/architecture-imports.ts'
import { brokenByImports, brokenByNames, brokenByText, FLOORS, type Rule } from './support/architecture-rules.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const sources = ['src', 'web', 'sdk', 'scripts', 'bench', 'test'].flatMap((folder) => readSources(ROOT, folder))
const imports = sources.flatMap(importsOf)

describe('the building', () => {
  test.each(FLOORS.map((names, floor) => [floor, names] as const))(
    'floor %i is seen: the reader found imports in %j',
    (_, names) => {
      const isHere = ({ file }: { file: string }) => names.some((name) => file.startsWith(`src/${name}/`))
      if (sources.some(isHere)) expect(imports.filter(isHere).length).toBeGreaterThan(0)
    },
  )

  test('imports keep to the floors', () => {
    expect(imports.length).toBeGreaterThan(0)
    expect(brokenByImports(imports)).toEqual([])
  })

  test('the environment is read in one place and nothing is an enum', () => {
    expect(brokenByText(sources)).toEqual([])
  })

  test('every file in src has a floor and a kebab-case name', () => {
    const files = listTree(ROOT, 'src')
    expect(files.length).toBeGreaterThan(0)
    expect(brokenByNames(files)).toEqual([])
  })
})

describe('the checker itself', () => {
  test.each<[Rule, string, string]>([
    ['every import can be read', 'src/http/kit/load.ts', COMPUTED],
    ['imports run downwards', 'src/std/ids.ts', '../pki/der.ts'],
    ['imports run downwards', 'src/pki/der.ts', '../pdf/objects.ts'],
    ['imports run downwards', 'src/core/people/find.test.ts', '../../adapters/mail-smtp/index.ts'],
    ['imports run downwards', 'src/worker/send-mail.ts', '../http/kit/route.ts'],
    ['imports run downwards', 'src/core/people/find.ts', '../../../scripts/make-sample.ts'],
    ['core is entered through its index', 'src/http/kit/run.ts', '../../core/errors.ts'],
    ['core is entered through its index', 'scripts/generate-docs.ts', '../src/core/errors.ts'],
    ['core knows no framework, network or file system', 'src/core/people/find.ts', 'fastify'],
    ['core knows no framework, network or file system', 'src/core/people/find.ts', 'pg'],
    ['core knows no framework, network or file system', 'src/core/documents/read.ts', 'node:fs/promises'],
    ['core knows no framework, network or file system', 'src/core/documents/read.ts', 'node:https'],
    ['pki, pdf and pades import nothing but node and lower floors', 'src/pki/der.ts', 'pkijs'],
    ['pki, pdf and pades import nothing but node and lower floors', 'src/pades/sign.ts', '@scope/signer/deep'],
    ['facades are strangers to each other', 'src/http/facades/csc/map.ts', '../qes/map.ts'],
    ['facades are strangers to each other', 'src/http/facades/csc/map.ts', '../../site/health.ts'],
    ['facades are strangers to each other', 'src/http/kit/route.ts', '../facades/csc/index.ts'],
    ['adapters are strangers to each other', 'src/adapters/files-s3/put.ts', '../files-local/put.ts'],
    ['nobody imports app', 'src/cli/doctor.ts', '../app/config.ts'],
    ['nobody imports app', 'web/console/main.tsx', '../../src/app/config.ts'],
    ['the product does not import its tests', 'src/db/connect.ts', '../../test/support/postgres.ts'],
    ['the product does not import its tests', 'src/db/connect.ts', './connect.test.ts'],
    ['web imports only sdk and web/ui', 'web/wizard/main.tsx', '../console/table.tsx'],
    ['web imports only sdk and web/ui', 'web/wizard/main.tsx', '../../src/std/ids.ts'],
    ['web imports only sdk and web/ui', 'web/ui/button.tsx', 'node:fs'],
    ['sdk imports only itself', 'sdk/request.ts', 'zod'],
    ['sdk imports only itself', 'sdk/request.ts', '../src/std/ids.ts'],
  ])('“%s” goes red when %s imports %s', (rule, file, specifier) => {
    expect(brokenByImports([{ file, specifier }]).map((violation) => violation.rule)).toContain(rule)
  })

  test.each([
    ['src/pki/der.ts', './oid.ts'],
    ['src/pki/der.ts', '../std/bytes.ts'],
    ['src/pki/der.ts', 'node:crypto'],
    ['src/pki/der.test.ts', 'pkijs'],
    ['src/pades/sign.ts', '../pdf/objects.ts'],
    ['src/core/people/find.ts', 'kysely'],
    ['src/core/people/find.ts', 'node:crypto'],
    ['src/core/people/find.ts', '../errors.ts'],
    ['src/core/people/find.db.test.ts', '../../../test/support/database.ts'],
    ['src/http/facades/csc/index.ts', '../../kit/route.ts'],
    ['src/http/facades/csc/index.ts', '../../../core/index.ts'],
    ['src/http/facades.ts', './facades/csc/index.ts'],
    ['src/app/compose.ts', '../adapters/files-local/index.ts'],
    ['src/cli/version.ts', '../../package.json'],
    ['scripts/generate-docs.ts', '../src/app/config.ts'],
    ['web/wizard/main.tsx', '../ui/button.tsx'],
    ['web/wizard/main.tsx', '../../sdk/index.ts'],
    ['web/wizard/main.tsx', 'react'],
  ])('%s may import %s', (file, specifier) => {
    expect(brokenByImports([{ file, specifier }])).toEqual([])
  })

  test.each<[Rule, string, string]>([
    ['only app/config.ts reads the environment', 'src/cli/doctor.ts', "const home = process.env['HOME']"],
    ['only app/config.ts reads the environment', 'src/cli/doctor.ts', 'const { HOME } = process.env'],
    ['only app/config.ts reads the environment', 'src/cli/doctor.ts', "import { argv, env } from 'node:process'"],
    ['no enums', 'src/std/colour.ts', 'export const enum Colour { Red }'],
  ])('“%s” goes red when %s says %s', (rule, file, text) => {
    expect(brokenByText([{ file, text }]).map((violation) => violation.rule)).toEqual([rule])
  })

  test('the table of settings may read the environment', () => {
    expect(brokenByText([{ file: 'src/app/config.ts', text: 'export const read = () => process.env' }])).toEqual([])
  })

  test.each<[Rule, string]>([
    ['file names are kebab-case', 'src/std/byteArray.ts'],
    ['file names are kebab-case', 'src/core/People/find.ts'],
    ['file names are kebab-case', 'src/std/byte_array.ts'],
    ['every folder of src has a floor', 'src/utils/array.ts'],
    ['every folder of src has a floor', 'src/main.ts'],
  ])('“%s” goes red at %s', (rule, file) => {
    expect(brokenByNames([file]).map((violation) => violation.rule)).toEqual([rule])
  })

  test('every form of an import is read, and none in a comment', () => {
    const text = [
      "import { a } from './static.ts'",
      "import type { B } from './type.ts'",
      'import {',
      '  c, // why c',
      "} from './many-lines.ts'",
      "import './side-effect.ts'",
      "export * from './star.ts'",
      "export { d } from './again.ts'",
      "const e = await import('./dynamic.ts')",
      "type F = import('./in-a-type.ts').F",
      'const g = await import(name)',
      "// import { h } from './commented.ts'",
      '/** Never import(anything) here. */',
      "const i = text.split('from ./nothing.ts')",
    ].join('\n')
    const names = importsOf({ file: 'src/std/x.ts', text }).map(({ specifier }) => specifier)
    expect(names.sort()).toEqual(
      [
        ...['./static.ts', './type.ts', './many-lines.ts', './side-effect.ts', './star.ts', './again.ts'],
        ...['./dynamic.ts', './in-a-type.ts', COMPUTED],
      ].sort(),
    )
  })
})
