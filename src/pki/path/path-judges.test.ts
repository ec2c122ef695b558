import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import type { Bytes } from '../../std/bytes.ts'
import { OID } from '../index.ts'
import { buildChain, type Chain, patched } from '../testing/chain-builder.ts'
import { pathVectors } from '../testing/path-vectors/index.ts'
import { type PathVector, plain, VECTOR_TIME, type VectorInput } from '../testing/path-vectors/path-vector.ts'

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const run = promisify(execFile)

let folder: TemporaryDirectory
beforeAll(async () => {
  folder = await makeTemporaryDirectory('path-judges')
})
afterAll(() => folder.remove())

function pem(der: Bytes): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** What OpenSSL says of a chain: nothing when it is content. */
async function complaint(name: string, chain: Chain, input: VectorInput): Promise<string | undefined> {
  const certificates = buildChain(chain)
  const { leaf = 'person', anchors = [[...certificates.keys()][0] ?? ''], time = VECTOR_TIME } = input
  const between =
    input.intermediates ?? [...certificates.keys()].filter((one) => one !== leaf && !anchors.includes(one))
  const put = async (part: string, labels: readonly string[]) => {
    const path = join(folder.path, `${name}-${part}.pem`)
    await writeFile(path, labels.map((label) => pem(certificates.get(label) ?? Buffer.of())).join(''))
    return path
  }
  const lists = [
    ['-CAfile', await put('anchors', anchors)],
    ...(between.length > 0 ? [['-untrusted', await put('between', between)]] : []),
  ]
  const moment = String(Math.floor(Date.parse(time) / 1000))
  const args = ['verify', '-no-CApath', '-no-CAstore', '-attime', moment, ...lists.flat(), ...policyOptions(input)]
  try {
    await run('openssl', [...args, await put('leaf', [leaf])])
    return undefined
  } catch (error) {
    return String(error instanceof Error && 'stderr' in error ? error.stderr : error)
  }
}

function policyOptions({ policies = {} }: VectorInput): string[] {
  return [
    '-policy_check',
    ...(policies.requireExplicit ? ['-explicit_policy'] : []),
    ...(policies.inhibitMapping ? ['-inhibit_map'] : []),
    ...(policies.inhibitAny ? ['-inhibit_any'] : []),
    ...(policies.acceptable ?? [OID.anyPolicy]).flatMap((policy) => ['-policy', policy]),
  ]
}

/** The verdicts on many rows, a few at a time. */
async function judged(rows: readonly (readonly [string, PathVector])[]): Promise<string[]> {
  const left = rows.entries()
  const found: string[] = []
  const worker = async () => {
    for (const [at, [group, row]] of left) {
      const input = { ...row.input, ...row.defectInput }
      const said = await complaint(String(at), patched(row.chain ?? plain, row.defect), input)
      const agrees = (said === undefined) === (row.reason === undefined)
      if (agrees === (row.opensslDiffers === undefined)) continue
      found.push(`${group} / ${row.name}: ${said?.match(/error \d+.*/)?.[0] ?? said ?? 'no complaint'}`)
    }
  }
  await Promise.all([worker(), worker()])
  return found
}

const all = Object.entries(pathVectors).flatMap(([group, rows]) => rows.map((row) => [group, row] as const))
const askable = all.filter(
  ([, row]) => row.opensslCannot === undefined && row.input?.policies?.acceptable?.length !== 0,
)

describe.skipIf(!hasOpenssl)('openssl', () => {
  test('says the same of every row, but for those that say why not', { timeout: 120_000 }, async () => {
    expect(askable.length).toBeGreaterThan(300)
    expect(await judged(askable)).toEqual([])
  })
})
