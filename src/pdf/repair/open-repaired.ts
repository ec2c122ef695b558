import { asBuffer } from '../../std/bytes.ts'
import type { PdfDocument } from '../document.ts'
import type { Secrets } from '../encryption/open-encryption.ts'
import type { Limits } from '../limits.ts'
import { PdfError } from '../pdf-error.ts'
import type { Source } from '../source.ts'
import { FindingLog } from './finding.ts'
import { LenientReading } from './lenient-reading.ts'
import { openChain } from './open-chain.ts'
import { openRebuilt, type Remains } from './rebuild.ts'
import { scanFile } from './scan.ts'

/** As far as readers look for the header. */
const HEADER_BYTES = 1024

/**
 * Opens a file as viewers do, and notes each thing that had to be guessed. The cross-references are used when every
 * entry leads to an object; otherwise they are made anew. Throws `pdf.not_a_pdf` for a file without a header,
 * `pdf.damaged` for one that can be read in more than one way or not at all, and `pdf.limit`.
 */
export function openRepaired(source: Source, limits: Limits, secrets: Secrets): PdfDocument {
  const headerOffset = asBuffer(source.read(0, HEADER_BYTES)).indexOf('%PDF-', 0, 'latin1')
  if (headerOffset < 0) throw new PdfError('pdf.not_a_pdf', 'there is no %PDF- at the start of the file')
  const log = new FindingLog()
  if (headerOffset > 0) log.add('repair.header_moved', { offset: headerOffset })
  const scan = scanFile(source, headerOffset, limits, log)
  const reading = new LenientReading(scan.streamEnds, log)
  const repairs = { reading, findings: log.all, headerOffset, isRebuilt: false, damagedObjects: [] }
  return openRemains({ source, scan, log, limits, secrets, repairs })
}

function openRemains(remains: Remains): PdfDocument {
  try {
    return openChain(remains)
  } catch (error) {
    if (!(error instanceof PdfError) || error.code !== 'pdf.damaged') throw error
    remains.log.add('repair.xref_rebuilt', {}, error.message)
    return openRebuilt(remains)
  }
}
