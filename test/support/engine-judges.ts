import { X509Certificate } from 'node:crypto'
import type { SecurityStore } from '../../src/pades/evidence/security-store.ts'
import { type Certificate, readCertificate, readOcspResponse } from '../../src/pki/index.ts'
import { asBuffer, type Bytes, equalBytes, sha256 } from '../../src/std/bytes.ts'
import { type FoundContainer, findContainers } from './engine-containers.ts'
import { type Desk, hasTool, run } from './engine-tools.ts'

/** What a judge has against a file: who, and what it says. */
export type Objection = { readonly judge: string; readonly says: string }

/** Encoded certificates, answers and lists, as a document holds them. */
export type Evidence = ReturnType<typeof readSecurityStore>

/** Judges of others' making. What is judged once is not judged again: documents share their earlier signatures. */
export type Judges = {
  /** Every signature is valid, and the newest covers the whole file when nothing follows it. */
  pdfsig(pdf: Bytes, password: string | undefined): Promise<Objection[]>
  /** The structure has no more faults than before. */
  qpdf(before: Bytes, after: Bytes, password: string | undefined): Promise<Objection[]>
  /** The containers of signatures, and all time-stamps. */
  containers(pdf: Bytes): Promise<Objection[]>
  /** Answers and lists about revocation. */
  evidence(evidence: Evidence): Promise<Objection[]>
}

export type JudgesOptions = {
  readonly desk: Desk
  /** Encoded, the lowest first and the trust anchor last. */
  readonly chain: readonly Bytes[]
  /** The moment at which certificates must be valid. */
  readonly time: Date
}

export async function callJudges({ desk, chain, time }: JudgesOptions): Promise<Judges> {
  const [issuing = Buffer.of(), root = Buffer.of()] = chain
  const [rootFile, issuingFile] = [await desk.put(pem(root), 'pem'), await desk.put(pem(issuing), 'pem')]
  const bothFile = await desk.put(pem(root) + pem(issuing), 'pem')
  const at = ['-attime', String(Math.floor(time.getTime() / 1000))]
  const once = remembering()

  const openssl = async (what: string, args: readonly string[], wanted: RegExp): Promise<Objection[]> => {
    const { code, text } = await run('openssl', args)
    return code === 0 && wanted.test(text) ? [] : [{ judge: `openssl ${what}`, says: text.trim() }]
  }
  const cms = async ({ container, content }: FoundContainer) =>
    openssl(
      'cms',
      [
        ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', await desk.put(container, 'p7s')],
        ...['-content', await desk.put(content, 'bin'), '-CAfile', rootFile, '-certfile', issuingFile],
        ...['-purpose', 'any', '-out', '/dev/null', ...at],
      ],
      /CAdES Verification successful/,
    )
  const token = async (der: Bytes, over: Bytes) =>
    openssl(
      'ts',
      [
        ...['ts', '-verify', '-token_in', '-in', await desk.put(der, 'tst'), '-data', await desk.put(over, 'bin')],
        ...['-CAfile', rootFile, '-untrusted', issuingFile, ...at],
      ],
      /Verification: OK/,
    )
  const answer = async (der: Bytes, subject: Certificate, issuer: Certificate) =>
    openssl(
      'ocsp',
      [
        ...['ocsp', '-respin', await desk.put(der, 'ors'), '-no_nonce', '-CAfile', bothFile, ...at],
        // It would compare the answer's times with its own clock.
        ...['-validity_period', '1000000000'],
        ...['-issuer', await desk.put(pem(issuer.der), 'pem'), '-cert', await desk.put(pem(subject.der), 'pem')],
      ],
      /^(?=.*Response verify OK).*: good/s,
    )
  const list = async (der: Bytes) =>
    openssl(
      'crl',
      ['crl', '-inform', 'DER', '-in', await desk.put(der, 'crl'), '-CAfile', bothFile, '-noout'],
      /verify OK/,
    )

  return {
    async pdfsig(pdf, password) {
      if (!hasTool('pdfsig')) return []
      const { text } = await run('pdfsig', ['-nocert', ...passwordFlags(password), await desk.put(pdf, 'pdf')])
      return readPdfsig(text, findContainers(pdf), pdf.length)
    },
    async qpdf(before, after, password) {
      if (!hasTool('qpdf')) return []
      const faults = async (pdf: Bytes) => {
        const flags = password === undefined ? [] : [`--password=${password}`]
        const { code, text } = await run('qpdf', ['--check', ...flags, await desk.put(pdf, 'pdf')])
        return { count: code === 0 ? 0 : Math.max(1, text.match(/WARNING/g)?.length ?? 0), text }
      }
      const [old, now] = [await once(`qpdf ${print(before)}`, () => faults(before)), await faults(after)]
      return now.count <= old.count ? [] : [{ judge: 'qpdf', says: now.text.trim() }]
    },
    async containers(pdf) {
      if (!hasTool('openssl')) return []
      const checks = findContainers(pdf).flatMap((found) => [
        once(print(found.container), () =>
          found.kind === 'signature' ? cms(found) : token(found.container, found.content),
        ),
        ...found.tokens.map((der) => once(print(der), () => token(der, found.value))),
      ])
      return (await Promise.all(checks)).flat()
    },
    async evidence({ certificates, ocsps, crls }) {
      if (!hasTool('openssl')) return []
      const known = [...certificates, ...chain].map(readCertificate)
      const answers = ocsps.map((der) => {
        const subject = subjectOf(der, known)
        const issuer = known.find(({ subject: name }) => subject && equalBytes(name.raw, subject.issuer.raw))
        if (!subject || !issuer) return [{ judge: 'openssl ocsp', says: 'the answer is about nobody in the document' }]
        return once(print(der), () => answer(der, subject, issuer))
      })
      return (await Promise.all([...answers, ...crls.map((der) => once(print(der), () => list(der)))])).flat()
    },
  }
}

/**
 * What pdfsig has against the signatures. It knows no document time-stamps: it lists them as not verified, and that is
 * all that is asked of it there.
 */
function readPdfsig(text: string, found: readonly FoundContainer[], size: number): Objection[] {
  const verdicts = [...text.matchAll(/- Signature Validation: (.*)/g)].map(([, verdict = '']) => verdict)
  const judged = verdicts.filter((verdict) => verdict !== 'Signature has not yet been verified.')
  const objections = judged.filter((verdict) => verdict !== 'Signature is Valid.')
  const count = found.filter(({ kind }) => kind === 'signature').length
  if (judged.length !== count) objections.push(`${judged.length} of ${count} signatures are listed`)
  const whole = found.filter(({ byteRange: [, , second, rest] }) => second + rest === size).length
  if ((text.match(/- Total document signed/g)?.length ?? 0) !== whole)
    objections.push('the newest signature does not cover the document')
  return objections.map((says) => ({ judge: 'pdfsig', says }))
}

function remembering() {
  const known = new Map<string, Promise<unknown>>()
  return <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const asked = (known.get(key) as Promise<T> | undefined) ?? ask()
    known.set(key, asked)
    return asked
  }
}

function subjectOf(der: Bytes, known: readonly Certificate[]): Certificate | undefined {
  const asked = readOcspResponse(der).basic?.responses[0]?.certificateId.serial
  return known.find(({ serial }) => asked && equalBytes(serial, asked))
}

function passwordFlags(password: string | undefined): string[] {
  return password === undefined ? [] : ['-upw', password]
}

function print(bytes: Bytes): string {
  return sha256(bytes).toString('base64')
}

function pem(der: Bytes): string {
  return new X509Certificate(asBuffer(der)).toString()
}
