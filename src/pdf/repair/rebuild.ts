import { Budget } from '../budget.ts'
import { PdfDocument } from '../document.ts'
import type { Secrets } from '../encryption/open-encryption.ts'
import type { Limits } from '../limits.ts'
import { OpenedFile, type Repairs } from '../opened-file.ts'
import { damaged } from '../pdf-error.ts'
import type { Source } from '../source.ts'
import { type Dict, NULL, type Ref, readName, readRef, writeRef } from '../values.ts'
import type { FindingLog } from './finding.ts'
import { SEEN } from './found-objects.ts'
import { RebuiltTable } from './rebuilt-table.ts'
import type { Scan } from './scan.ts'
import { type FoundTrailer, findTrailers, lastingEntries, requireOneEncryption, unlessDamaged } from './trailers.ts'

/** What a file is rebuilt from. */
export type Remains = {
  readonly source: Source
  readonly scan: Scan
  readonly log: FindingLog
  readonly limits: Limits
  readonly secrets: Secrets
  readonly repairs: Repairs
}

/**
 * Opens a file whose cross-references cannot be used, from the objects themselves: as one revision, in which what
 * stands later replaces what stands before. Throws `pdf.damaged` when there is more than one way to read it.
 */
export function openRebuilt(remains: Remains): PdfDocument {
  const { source, scan, repairs, limits } = remains
  const trailers = findTrailers(source, scan, repairs.reading, new Budget(limits))
  requireOneEncryption(trailers)
  const rebuild = new Rebuild(remains, trailers.find(({ dict }) => dict.has('Root')) ?? trailers[0])
  if (trailers.length === 0) rebuild.requirePlain()
  return rebuild.open(trailers)
}

class Rebuild {
  readonly #remains: Remains
  readonly #table: RebuiltTable
  readonly #newest: FoundTrailer | undefined
  #secrets: Secrets

  constructor(remains: Remains, newest: FoundTrailer | undefined) {
    this.#remains = remains
    this.#table = new RebuiltTable(remains.scan.objects)
    this.#newest = newest
    this.#secrets = remains.secrets
  }

  /** Throws `pdf.damaged` when the file is encrypted and what said so is lost: its strings would be noise. */
  requirePlain(): void {
    const document = this.#documentWith(new Map())
    for (const number of this.#table.numbersOf(SEEN.cipher)) {
      const dict = unlessDamaged(() => document.dict(refOf(document, number)))
      if (dict?.has('O') && dict.has('U') && dict.has('V'))
        damaged('trailer', 'the file is encrypted and the trailer that says how is lost')
    }
  }

  open(trailers: readonly FoundTrailer[]): PdfDocument {
    // Object streams are opened with what stands by itself; what they hold is known only then.
    const outside = this.#documentWith(lastingEntries(this.#newest?.dict ?? new Map()))
    this.#secrets = { ...this.#secrets, unlocked: outside.encryption }
    this.#table.addPacked((stream) => outside.objectsIn(stream))
    return this.#byTrailer(trailers) ?? this.#byCatalog(lastingEntries(this.#newest?.dict ?? new Map()))
  }

  #byTrailer(trailers: readonly FoundTrailer[]): PdfDocument | undefined {
    for (const { dict, offset } of trailers) {
      const root = readRef(dict.get('Root') ?? NULL)
      const document = root && this.#documentWith(lastingEntries(dict))
      if (!document || !unlessDamaged(() => document.dict(root)?.has('Pages'))) continue
      if (offset !== trailers[0]?.offset) this.#remains.log.add('repair.trailer_found', { offset })
      return document
    }
    return undefined
  }

  /** The document of the only catalog. */
  #byCatalog(entries: Map<string, Uint8Array>): PdfDocument {
    const probe = this.#documentWith(entries)
    const [root, ...others] = [...this.#candidates(probe)].filter((ref) => isCatalog(probe, ref))
    if (!root) damaged('catalog', 'the file has no catalog')
    if (others.length > 0) damaged('catalog', 'the file has several catalogs and no trailer that names one')
    this.#remains.log.add('repair.root_found', { object: root.number })
    return this.#documentWith(entries.set('Root', Buffer.from(writeRef(root))))
  }

  *#candidates(probe: PdfDocument): Generator<Ref> {
    for (const number of this.#table.numbersOf(SEEN.catalog)) yield refOf(probe, number)
    for (const stream of this.#table.numbersOf(SEEN.pack))
      for (const number of probe.objectsIn(stream))
        if (probe.entry(number)?.kind === 'compressed') yield { number, generation: 0 }
  }

  #documentWith(entries: Map<string, Uint8Array>): PdfDocument {
    const { source, limits, repairs } = this.#remains
    // A trailer has to name something; object 0 is none.
    if (!readRef(entries.get('Root') ?? NULL)) entries.set('Root', Buffer.from('0 0 R'))
    const section = this.#table.section(entries, this.#newest?.style ?? 'table')
    const damagedObjects = [...this.#table.numbersOf(SEEN.damaged)]
    const file = new OpenedFile(source, [{ section }], { ...repairs, isRebuilt: true, damagedObjects })
    const budget = new Budget(limits)
    file.unlock(this.#secrets, budget)
    return new PdfDocument(file, budget)
  }
}

function refOf(document: PdfDocument, number: number): Ref {
  const entry = document.entry(number)
  return { number, generation: entry?.kind === 'offset' ? entry.generation : 0 }
}

function isCatalog(document: PdfDocument, ref: Ref): boolean {
  const dict: Dict | undefined = unlessDamaged(() => document.dict(ref))
  return dict !== undefined && readName(dict.get('Type') ?? NULL) === 'Catalog' && dict.has('Pages')
}
