import { openPdf, type PdfDocument } from '../../pdf/index.ts'
import { harmless } from '../../std/harmless.ts'
import { openFileSource } from '../file-source.ts'
import type { Output } from '../output.ts'
import { watched } from './progress.ts'
import { readSecret } from './read-given.ts'

export type InputChoice = {
  readonly 'password-file': string | undefined
  readonly repair: boolean
  readonly progress: boolean
}

/**
 * Opens a document for the time of `work`, and tells what had to be mended.
 *
 * @throws UsageError for a file that cannot be read, `PdfError` for one that cannot be opened as a PDF
 */
export async function withDocument<Result>(
  path: string,
  { 'password-file': passwordFile, repair, progress }: InputChoice,
  output: Output,
  work: (document: PdfDocument) => Promise<Result>,
): Promise<Result> {
  const password = passwordFile === undefined ? undefined : await readSecret(passwordFile)
  const file = openFileSource(path)
  const { source, end } = watched(file, { errors: output.errors, always: progress })
  let document: PdfDocument | undefined
  try {
    document = openPdf(source, { password, damaged: repair ? 'repair' : 'refuse' })
    return await work(document)
  } finally {
    end()
    // At the end, as more is found while objects are read.
    for (const { code, message } of document?.findings ?? [])
      output.errors.write(`${harmless(`mended: ${message} (${code})`)}\n`)
    file.close()
  }
}
