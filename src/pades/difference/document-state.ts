import { type Field, formFields, type PdfDocument, pages, type Ref } from '../../pdf/index.ts'
import { type Permissions, permissionsInForce } from '../permissions.ts'

/** A document at one of its revisions, with what is derived from it once. */
export class DocumentState {
  readonly document: PdfDocument
  readonly firstFreeNumber: number
  #fields: readonly Field[] | undefined
  #permissions: Permissions | undefined
  #pages: ReadonlyMap<number, number> | undefined

  constructor(document: PdfDocument) {
    this.document = document
    this.firstFreeNumber = document.firstFreeNumber
  }

  get fields(): readonly Field[] {
    this.#fields ??= formFields(this.document)
    return this.#fields
  }

  get permissions(): Permissions {
    this.#permissions ??= permissionsInForce(this.document, this.fields)
    return this.#permissions
  }

  /** The place of a page in the document, counted from 0; undefined for what is no page. */
  pageIndex(ref: Ref): number | undefined {
    this.#pages ??= new Map(Array.from(pages(this.document), (page, index) => [page.ref.number, index]))
    return this.#pages.get(ref.number)
  }
}
