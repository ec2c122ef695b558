import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { makeContract } from '../scripts/sample/contract.ts'

const hasQpdf = spawnSync('qpdf', ['--version']).status === 0

describe.each([
  ['contract.pdf', 'streams', ['/ObjStm', '/XRef']],
  ['contract-classic.pdf', 'table', ['\nxref\n', '\ntrailer\n']],
] as const)('the sample %s', (name, style, marks) => {
  const path = fileURLToPath(new URL(`../samples/${name}`, import.meta.url))

  test('is what its script makes, byte for byte', () => {
    // Compared as a truth, not as a value: a difference of two binary files tells a reader nothing.
    expect(makeContract(style).equals(readFileSync(path))).toBe(true)
  })

  test('finds its objects in the way that it is there to show', () => {
    const bytes = readFileSync(path, 'latin1')
    expect(marks.filter((mark) => !bytes.includes(mark))).toEqual([])
  })

  test.skipIf(!hasQpdf)('has a structure that qpdf finds nothing wrong with', () => {
    const { status, stdout, stderr } = spawnSync('qpdf', ['--check', path], { encoding: 'utf8' })
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' })
  })
})
