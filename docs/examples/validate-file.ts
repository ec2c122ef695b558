import { reportText, validate } from '../../src/pades/index.ts'
import { fileSource } from '../../src/pdf/index.ts'

/** Judges every signature of a file by what the file carries; nobody is asked over the network. */
export async function validateFile(path: string, trustAnchors: Uint8Array[]): Promise<boolean> {
  const source = fileSource(path)
  try {
    const report = await validate(source, { trustAnchors, time: new Date() })
    console.log(reportText(report))
    return report.signatures.length > 0 && report.signatures.every(({ indication }) => indication === 'TOTAL-PASSED')
  } finally {
    source.close()
  }
}
