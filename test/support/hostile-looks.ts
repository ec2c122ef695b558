import { admitForSigning } from '../../src/pades/admit-for-signing.ts'
import { serveJobs } from '../../src/pades/confined/serve-jobs.ts'
import { prepareFill } from '../../src/pades/fill/prepare-fill.ts'
import { type PlainPolicy, prepare, type Report, validate } from '../../src/pades/index.ts'
import {
  type FieldValues,
  fileSource,
  formFields,
  listFields,
  type OpenOptions,
  openPdf,
  pages,
  type Source,
} from '../../src/pdf/index.ts'
import { NOW, newAuthority, signerOf } from '../../src/pki/testing/authority.ts'
import { CodedError, type ErrorDetails } from '../../src/std/error.ts'

/* The main module of a process that looks at hostile files, and says what looking cost. */

/** What came of a look, and the most memory that the process ever had, in bytes. */
export type Seen<Result> = {
  readonly result: Result | { readonly refused: string; readonly details: ErrorDetails }
  readonly tookMs: number
  readonly peakBytes: number
}

type OnFile = { readonly path: string }

/** Opens the file for the work, and measures it. */
function measured<Input, Result>(work: (source: Source, input: Input) => Result | Promise<Result>) {
  return async (input: Input & OnFile): Promise<Seen<Awaited<Result>>> => {
    const start = performance.now()
    const source = fileSource(input.path)
    const result = await refusalOr(() => work(source, input))
    source.close()
    return { result, tookMs: performance.now() - start, peakBytes: process.resourceUsage().maxRSS * 1024 }
  }
}

/** A refusal is a result here; what is not one ends the process, and the test sees that. */
async function refusalOr<Result>(work: () => Result) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { refused: error.code, details: error.details }
  }
}

/** Reads all that signing and validation look at, and every stream of the first objects. */
function read(source: Source, options: OpenOptions): { pages: number; fields: number } {
  const document = openPdf(source, options)
  const seen = { pages: [...pages(document)].length, fields: formFields(document).length }
  for (let number = 1; number < Math.min(document.firstFreeNumber, 500); number++) {
    const entry = document.entry(number)
    const object = document.object({ number, generation: entry?.kind === 'offset' ? entry.generation : 0 })
    if (object?.streamOffset !== undefined) document.streamData(object)
  }
  return seen
}

/** Prepares an invisible signature, in a field of the document when one is named. */
async function sign(source: Source, { field, password }: { readonly field?: string; readonly password?: string }) {
  const authority = newAuthority()
  const { identity } = signerOf(authority.person('Ana Ruiz'), authority)
  const document = openPdf(source, { password })
  const request = { signer: identity, signedAt: NOW, ...(field !== undefined && { field: { existing: field } }) }
  return { signed: (await prepare(document, request)).tail.length > 0 }
}

async function fill(source: Source, { values }: { readonly values: FieldValues }) {
  return { filled: await prepareFill(source, { values, filledAt: NOW }) }
}

/** The values of the fields, by name. */
function fields(source: Source, _: object): Record<string, unknown> {
  return Object.fromEntries(listFields(openPdf(source)).map(({ name, value }) => [name, value]))
}

type ByPolicy = { readonly policy: PlainPolicy }

function judge(source: Source, { policy }: ByPolicy): Promise<Report> {
  return validate(source, policy)
}

function admit(source: Source, { policy }: ByPolicy): Promise<string> {
  return admitForSigning(source, policy)
}

export const looks = {
  read: measured(read),
  sign: measured(sign),
  fill: measured(fill),
  fields: measured(fields),
  judge: measured(judge),
  admit: measured(admit),
}

serveJobs(looks)
