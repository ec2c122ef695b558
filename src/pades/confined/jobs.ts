import { fileSource, formFields, openPdf, type PdfFinding, pages } from '../../pdf/index.ts'
import { admitForSigning } from '../admit-for-signing.ts'
import type { Report } from '../validation/report.ts'
import { validate as validateDocument } from '../validation/validate.ts'
import type { ValidationPolicy } from '../validation/validation-policy.ts'

/** A file, and how it is opened. */
export type FileInput = {
  readonly path: string
  readonly password?: string
  readonly damaged?: 'refuse' | 'repair'
}

/** What a file is, without looking at what its pages show. */
export type Inspection = {
  /** In bytes. */
  readonly size: number
  readonly pages: number
  readonly revisions: number
  readonly findings: readonly PdfFinding[]
  readonly isEncrypted: boolean
  readonly fields: readonly { readonly name: string; readonly type: string | undefined; readonly isFilled: boolean }[]
}

function inspect({ path, ...options }: FileInput): Inspection {
  const source = fileSource(path)
  try {
    const document = openPdf(source, options)
    const fields = formFields(document).map(({ name, type, value }) => ({ name, type, isFilled: value !== undefined }))
    return {
      size: source.size,
      pages: [...pages(document)].length,
      revisions: document.revisions.length,
      findings: document.findings,
      isEncrypted: document.encryption !== undefined,
      fields,
    }
  } finally {
    source.close()
  }
}

type AdmissionInput = { readonly path: string; readonly policy: PlainPolicy }

/** A policy of plain data: what would ask the network cannot leave its process. */
export type PlainPolicy = Omit<ValidationPolicy, 'fetch'>

async function validate({ path, policy, ...options }: FileInput & { readonly policy: PlainPolicy }): Promise<Report> {
  const source = fileSource(path)
  try {
    return await validateDocument(openPdf(source, options), policy)
  } finally {
    source.close()
  }
}

/** Before somebody is asked to sign a file: see `admitForSigning`. */
async function admit({ path, policy }: AdmissionInput): Promise<Report['indication']> {
  const source = fileSource(path)
  try {
    return await admitForSigning(source, policy)
  } finally {
    source.close()
  }
}

/** What is done with files from outside. */
export const jobs = { admit, inspect, validate }
