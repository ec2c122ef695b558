import type { SecurityStore } from '../../src/pades/evidence/security-store.ts'
import { type Certificate, readCertificate, readOcspResponse } from '../../src/pki/index.ts'
import { type Bytes, equalBytes, sha256 } from '../../src/std/bytes.ts'
import { type FoundContainer, findContainers } from './engine-containers.ts'
import { type Objection, openBench, verifyAnswer, verifyCms, verifyList, verifyToken } from './engine-openssl.ts'
import { type Desk, hasTool, run } from './engine-tools.ts'

/**
 * Judges of others' making; one that is not installed has nothing to say. What openssl judged once it is not asked
 * again: documents share their earlier signatures.
 */
export type Judges = {
  /** Every signature is valid, and the newest covers the whole file when nothing follows it. */
  pdfsig(pdf: Bytes, password?: string): Promise<Objection[]>
  /** The structure has no more faults than before. */
  qpdf(before: Bytes, after: Bytes, password?: string): Promise<Objection[]>
  /** The containers of signatures, and all time-stamps. */
  containers(pdf: Bytes): Promise<Objection[]>
  /** Answers and lists about revocation. */
  evidence(evidence: SecurityStore): Promise<Objection[]>
}

export type JudgesOptions = {
  readonly desk: Desk
  /** The issuing authority and the trust anchor, encoded. */
  readonly chain: readonly Bytes[]
  /** The moment at which certificates must be valid. */
  readonly time: Date
}

export async function callJudges({ desk, chain, time }: JudgesOptions): Promise<Judges> {
  const bench = await openBench(desk, chain, time)
  const once = remembering<Objection[]>()
  const structure = remembering<Faults>()
  const judgeContainer = (found: FoundContainer) =>
    once(found.container, () =>
      found.kind === 'signature' ? verifyCms(bench, found) : verifyToken(bench, found.container, found.content),
    )
  const judgeAnswer = (der: Bytes, certificates: readonly Certificate[]) => {
    const subject = subjectOf(der, certificates)
    if (!subject) return [{ judge: 'openssl ocsp', says: 'the answer is about nobody in the document' }]
    return once(der, () => verifyAnswer(bench, der, subject))
  }
  return {
    pdfsig: async (pdf, password) => (hasTool('pdfsig') ? await askPdfsig(desk, pdf, password) : []),
    async qpdf(before, after, password) {
      if (!hasTool('qpdf')) return []
      const old = await structure(before, () => askQpdf(desk, before, password))
      const now = await askQpdf(desk, after, password)
      return now.count <= old.count ? [] : [{ judge: 'qpdf', says: now.text }]
    },
    async containers(pdf) {
      if (!hasTool('openssl')) return []
      const judged = findContainers(pdf).flatMap((found) => [
        judgeContainer(found),
        ...found.tokens.map((token) => once(token, () => verifyToken(bench, token, found.value))),
      ])
      return (await Promise.all(judged)).flat()
    },
    async evidence({ certificates, ocsps, crls }) {
      if (!hasTool('openssl')) return []
      const known = [...certificates, ...chain].map(readCertificate)
      const answers = ocsps.map((der) => judgeAnswer(der, known))
      const lists = crls.map((der) => once(der, () => verifyList(bench, der)))
      return (await Promise.all([...answers, ...lists])).flat()
    },
  }
}

async function askPdfsig(desk: Desk, pdf: Bytes, password: string | undefined): Promise<Objection[]> {
  const flags = password === undefined ? [] : ['-upw', password]
  const { text } = await run('pdfsig', ['-nocert', ...flags, await desk.put(pdf, 'pdf')])
  return readPdfsig(text, findContainers(pdf), pdf.length).map((says) => ({ judge: 'pdfsig', says }))
}

/**
 * What pdfsig has against the signatures. It knows no document time-stamps: it lists them as not verified, and that is
 * all that is asked of it there.
 */
function readPdfsig(text: string, found: readonly FoundContainer[], size: number): string[] {
  const verdicts = [...text.matchAll(/- Signature Validation: (.*)/g)].map(([, verdict = '']) => verdict)
  const judged = verdicts.filter((verdict) => verdict !== 'Signature has not yet been verified.')
  const objections = judged.filter((verdict) => verdict !== 'Signature is Valid.')
  const count = found.filter(({ kind }) => kind === 'signature').length
  if (judged.length !== count) objections.push(`${judged.length} of ${count} signatures are listed`)
  const whole = found.filter(({ byteRange: [, , second, rest] }) => second + rest === size).length
  if ((text.match(/- Total document signed/g)?.length ?? 0) !== whole)
    objections.push('the newest signature does not cover the document')
  return objections
}

type Faults = { readonly count: number; readonly text: string }

async function askQpdf(desk: Desk, pdf: Bytes, password: string | undefined): Promise<Faults> {
  const flags = password === undefined ? [] : [`--password=${password}`]
  const { code, text } = await run('qpdf', ['--check', ...flags, await desk.put(pdf, 'pdf')])
  return { count: code === 0 ? 0 : Math.max(1, text.match(/WARNING/g)?.length ?? 0), text: text.trim() }
}

/** What is asked about the same bytes is asked once. */
function remembering<T>() {
  const known = new Map<string, Promise<T>>()
  return (bytes: Bytes, ask: () => Promise<T>): Promise<T> => {
    const key = sha256(bytes).toString('base64')
    const asked = known.get(key) ?? ask()
    known.set(key, asked)
    return asked
  }
}

/** Whom an answer is about, and who issued to them. */
function subjectOf(der: Bytes, known: readonly Certificate[]) {
  const asked = readOcspResponse(der).basic?.responses[0]?.certificateId.serial
  const certificate = known.find(({ serial }) => asked && equalBytes(serial, asked))
  const issuer = known.find(({ subject }) => certificate && equalBytes(subject.raw, certificate.issuer.raw))
  return certificate && issuer && { certificate, issuer }
}
