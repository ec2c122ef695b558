/** What of the signed document forbids a change: a certification, or a lock that a signature put on a field. */
export type Prohibition = 'certification' | 'field_lock'

/** What a later revision did, before anybody asks whether it was allowed. */
export type Deed =
  | {
      readonly kind: 'signature'
      readonly field: string
      /** True when the signature came with a field of its own. */
      readonly newField: boolean
      /** True when it shows something on the page. */
      readonly visible: boolean
      /** True when what it shows came after the page was signed and lies, or may lie, over what the page shows. */
      readonly covers: boolean
    }
  /** A document time-stamp. */
  | { readonly kind: 'timestamp'; readonly field: string }
  /** Certificates and revocation data for the signatures, or the names of the extensions that the file uses. */
  | { readonly kind: 'extension'; readonly what: 'security_store' | 'developer_extensions' }
  /** A new signature field that nobody signed in. */
  | { readonly kind: 'field'; readonly field: string }
  /** Another value of a field that is not for signatures. */
  | { readonly kind: 'form_fill'; readonly field: string }
  | {
      readonly kind: 'annotation'
      /** /Subtype, for instance `FreeText`. */
      readonly subtype: string
      /** Counted from 0. */
      readonly page: number
      /** True when it shows something over the page. */
      readonly covers: boolean
    }
  /** The information dictionary: about the file, not on its pages. */
  | { readonly kind: 'document_information' }
  /** The XMP metadata of the document. */
  | { readonly kind: 'metadata' }
  /** Nothing vouches for it: the signature is not valid. */
  | { readonly kind: 'undefined'; readonly what: string; readonly object?: number }

/** What a later revision did, and whether it might. */
export type Change = Deed & {
  /** Numbers of the objects that took part, ascending, without those that several changes may share. */
  readonly objects: readonly number[]
  /** False for an undefined change, and for one that the signatures of that time forbid. */
  readonly allowed: boolean
  readonly forbiddenBy?: Prohibition
}
