import { createHash } from 'node:crypto'
import { type Field, formFields, type PdfDocument } from '../../pdf/index.ts'
import { OID } from '../../pki/index.ts'
import { removedSignatures } from '../difference/removed-signatures.ts'
import { RevisionHistory, type RevisionVerdict } from '../difference/revision-history.ts'
import { digestOf } from '../document-digest.ts'
import { signedFields } from '../permissions.ts'
import { type PlacedSignature, placeSignature } from '../signature-dictionary.ts'
import { type ContainerFacts, examineContainer } from './basic-validation.ts'
import type { DigestOf } from './cryptographic-verification.ts'
import { checkDictionary, commitmentFindings, type DictionaryFacts } from './format-checking.ts'
import { failed, type Problem } from './problem.ts'
import type { Place } from './proofs-of-existence.ts'
import { examineToken, type TokenFacts } from './timestamp-validation.ts'

/** A signature that cannot even be found in its document. */
export type MisplacedFacts = { readonly kind: 'misplaced'; readonly field: Field; readonly problem: Problem }

type FieldFacts = {
  readonly field: Field
  readonly placed: PlacedSignature
  readonly dictionary: DictionaryFacts
  /** How the signature covers the file, and what later revisions did. */
  readonly revisions: RevisionVerdict
}

export type SignatureFacts = FieldFacts & {
  readonly kind: 'signature'
  readonly container: ContainerFacts
  /** The signature time-stamps in it. */
  readonly tokens: readonly TokenFacts[]
}

export type TimestampFacts = FieldFacts & { readonly kind: 'timestamp'; readonly token: TokenFacts }

export type Facts = MisplacedFacts | SignatureFacts | TimestampFacts

const REMOVED = failed('FORMAT_FAILURE', 'signature.removed', 'A later revision removed the signature.')

/** Everything about the signatures of a document that depends neither on trust nor on time, in the order of the form. */
export async function gatherFacts(document: PdfDocument): Promise<Facts[]> {
  const all = formFields(document)
  const fields = signedFields(all).map((field) => ({ field, placed: placeSignature(document, field) }))
  const byteRanges = fields.flatMap(({ placed }) => ('code' in placed ? [] : [placed.byteRange]))
  const history = new RevisionHistory(document, byteRanges)
  const facts: Facts[] = []
  for (const { field, placed } of fields) facts.push(await gather(document, history, field, placed))
  for (const field of removedSignatures(document, all)) facts.push({ kind: 'misplaced', field, problem: REMOVED })
  return facts
}

async function gather(
  document: PdfDocument,
  history: RevisionHistory,
  field: Field,
  placed: PlacedSignature | Problem,
): Promise<Facts> {
  if ('code' in placed) return { kind: 'misplaced', field, problem: placed }
  const digestOf = digestOver(document, placed)
  const revisions = history.judge(field, placed.byteRange)
  const facts = { field, placed, dictionary: checkDictionary(placed), revisions }
  if (placed.type === 'DocTimeStamp') {
    const token = await examineToken(placed.contents, placeOf(placed), digestOf)
    return { kind: 'timestamp', ...facts, token }
  }
  const container = await examineContainer(placed.contents, digestOf)
  const { problems, findings } = facts.dictionary
  const dictionary = { problems, findings: [...findings, ...commitmentFindings(placed, container.container)] }
  return { kind: 'signature', ...facts, dictionary, container, tokens: await examineTokens(container, placed) }
}

/** RFC 5126 6.1.1: a signature time-stamp is over the value of the signature. */
async function examineTokens({ container }: ContainerFacts, placed: PlacedSignature): Promise<TokenFacts[]> {
  const facts: TokenFacts[] = []
  for (const { type, values } of container?.signer.unsigned ?? []) {
    if (type !== OID.signatureTimeStamp || !container) continue
    const { signature } = container.signer
    for (const value of values) {
      const digestOf: DigestOf = async (algorithm) => createHash(algorithm).update(signature).digest()
      facts.push(await examineToken(value, placeOf(placed), digestOf))
    }
  }
  return facts
}

function digestOver({ source }: PdfDocument, { byteRange }: PlacedSignature): DigestOf {
  const [, length, secondStart, secondLength] = byteRange
  const ranges = [
    [0, length],
    [secondStart, secondStart + secondLength],
  ] as const
  return (algorithm) => digestOf(source, algorithm, ranges)
}

/** The hole in the byte range: there lies the container with all that is in it. */
export function placeOf({ byteRange: [, start, end] }: PlacedSignature): Place {
  return { start, end }
}
