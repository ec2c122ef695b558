import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildPdf, kinds } from '../pdf/testing/pdf-builder.ts'
import { authority, report, signed, signers } from './testing/signing.ts'

const has = (tool: string, flag: string) => spawnSync(tool, [flag]).error === undefined
const folder = mkdtempSync(join(tmpdir(), 'pades-judges-'))
afterAll(() => {
  if (folder.startsWith(join(tmpdir(), 'pades-judges-'))) rmSync(folder, { recursive: true })
})

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Four signers, one after another, in old and new fields, visible and not. */
async function signedByFour(pdf: Buffer): Promise<Buffer[]> {
  const first = await signed(pdf, signers.ana, {
    field: { existing: 'Sig_A' },
    appearance: { lines: ['Ana Ruiz', '2026'] },
  })
  const second = await signed(first, signers.juan, {
    field: { page: 1, rectangle: [60, 200, 300, 260] },
    appearance: { lines: ['Juan José Pérez López', 'Acepto'] },
    reason: 'Acepto las condiciones ñ €',
    location: 'Lima',
    name: 'Juan José Pérez López',
  })
  const third = await signed(second, signers.eva)
  return [first, second, third, await signed(third, signers.leo, { field: { name: 'Último' } })]
}

describe.each(kinds)('four signatures in a document of the kind %s', (kind) => {
  test('are all valid for our own validator after each step', async () => {
    let count = 0
    for (const pdf of await signedByFour(buildPdf(kind, { form: true }))) {
      const { indication, signatures } = await report(pdf)
      expect([indication, signatures.length]).toEqual(['TOTAL-PASSED', ++count])
      expect(signatures.map(({ format }) => format)).toEqual(signatures.map(() => 'PAdES-B-B'))
    }
  })

  test.skipIf(!has('pdfsig', '-v'))('are all valid for pdfsig', async () => {
    const [, , , last] = await signedByFour(buildPdf(kind, { form: true }))
    const said = execFileSync('pdfsig', ['-nocert', put(`${kind}.pdf`, last ?? Buffer.of())], { encoding: 'utf8' })
    expect(said.match(/Signature Validation: Signature is Valid/g)).toHaveLength(4)
    expect(said.match(/Total document signed/g)).toHaveLength(1)
  })

  test.skipIf(!has('qpdf', '--version'))('leave the file clean for qpdf', async () => {
    for (const pdf of await signedByFour(buildPdf(kind, { form: true }))) {
      const { status, stdout } = spawnSync('qpdf', ['--check', put(`${kind}-qpdf.pdf`, pdf)], { encoding: 'utf8' })
      expect([status, stdout.includes('WARNING')]).toEqual([0, false])
    }
  })
})

describe.skipIf(!has('qpdf', '--version'))('a document that qpdf rewrote', () => {
  test.each([
    ['linearised', ['--linearize']],
    ['linearised, with object streams', ['--linearize', '--object-streams=generate']],
    ['with object streams', ['--object-streams=generate']],
  ])('%s keeps all its signatures', async (name, flags) => {
    const out = join(folder, `${name}.pdf`)
    execFileSync('qpdf', [put('in.pdf', buildPdf('table', { form: true, pages: 4 })), ...flags, out])
    const [, , , last] = await signedByFour(readFileSync(out))
    const { indication, signatures } = await report(last ?? Buffer.of())
    expect([indication, signatures.length]).toEqual(['TOTAL-PASSED', 4])
    expect(spawnSync('qpdf', ['--check', put('out.pdf', last ?? Buffer.of())]).status).toBe(0)
  })
})

const pem = (der: Uint8Array) => new X509Certificate(der).toString()

describe.skipIf(!has('openssl', 'version'))('a container is valid CAdES for openssl', () => {
  test.each(Object.entries(signers))('made by %s', async (name, signer) => {
    const pdf = await signed(buildPdf('table'), signer)
    const [, a = 0, b = 0] = /\/ByteRange\[0 (\d+) (\d+) /.exec(pdf.toString('latin1'))?.map(Number) ?? []
    const padded = Buffer.from(pdf.subarray(a + 1, b - 1).toString('latin1'), 'hex')
    const length = padded.readUInt16BE(2) + 4
    const said = spawnSync('openssl', [
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', put(`${name}.p7s`, padded.subarray(0, length))],
      ...['-content', put(`${name}.data`, Buffer.concat([pdf.subarray(0, a), pdf.subarray(b)]))],
      ...['-CAfile', put('root.pem', Buffer.from(pem(authority.root.certificate)))],
      ...['-purpose', 'any', '-cades', '-out', join(folder, 'out'), '-attime', '1795176000'],
    ])
    expect(said.stderr.toString()).toMatch(/CAdES Verification successful/)
  })
})
