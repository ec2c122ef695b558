import type { AlgorithmPolicy, NameConstraints, PathFailure, PolicyInput, Purpose } from '../../index.ts'
import { authority, type Chain, type Patch, person } from '../chain-builder.ts'

/** What is asked of a chain. Labels stand for its certificates. */
export type VectorInput = {
  readonly time?: string
  readonly leaf?: string
  readonly anchors?: readonly string[]
  /** The anchors' own limits do not count. */
  readonly unlimited?: boolean
  /** Known certificates between; all that are neither leaf nor anchor when absent. */
  readonly intermediates?: readonly string[]
  readonly policies?: PolicyInput
  readonly names?: NameConstraints
  readonly algorithms?: AlgorithmPolicy
  readonly purpose?: Purpose
}

/**
 * A row: a chain, what is asked of it, and the verdict. A row that is refused says what its defect is; without the
 * defect the same chain must be valid, so it is refused for its own reason.
 */
export type PathVector = {
  readonly name: string
  /** The rule that the row is about; a refusal cites it. */
  readonly clause: string
  /** Why it is refused; `unreadable` when it is no certificate for our reader. Valid when absent. */
  readonly reason?: PathFailure | 'unreadable'
  /** Label of the certificate that a refusal names; the first of the defect when absent. */
  readonly at?: string
  readonly chain?: Chain
  readonly defect?: Patch
  readonly input?: VectorInput
  readonly defectInput?: VectorInput
  /** The policies that a valid path must have. */
  readonly policies?: readonly string[]
  /** Labels of the path that must be found. */
  readonly path?: readonly string[]
  /** Why OpenSSL says otherwise: it then must. */
  readonly opensslDiffers?: string
  /** Why OpenSSL cannot be asked. */
  readonly opensslCannot?: string
}

/** The moment that is asked about unless a row says another. */
export const VECTOR_TIME = '2026-11-20T12:00:00Z'

/** A root, an authority, a person: valid. */
export const plain: Chain = { root: authority(), ca: authority(), person: person() }

/** The same with two authorities between. */
export const deep: Chain = { root: authority(), upper: authority(), ca: authority(), person: person() }
