import { algorithmVectors } from './algorithms.ts'
import { anchorVectors } from './anchors.ts'
import { authorityVectors } from './authorities.ts'
import { buildingVectors } from './building.ts'
import { extensionVectors } from './extensions.ts'
import { nameConstraintVectors } from './name-constraints.ts'
import { nameVectors } from './names.ts'
import type { PathVector } from './path-vector.ts'
import { policyVectors } from './policies.ts'
import { purposeVectors } from './purposes.ts'
import { signatureVectors } from './signatures.ts'
import { validityVectors } from './validity.ts'

/** All rows by what they are about. */
export const pathVectors: Readonly<Record<string, readonly PathVector[]>> = {
  signatures: signatureVectors,
  validity: validityVectors,
  names: nameVectors,
  authorities: authorityVectors,
  extensions: extensionVectors,
  'name constraints': nameConstraintVectors,
  policies: policyVectors,
  building: buildingVectors,
  algorithms: algorithmVectors,
  anchors: anchorVectors,
  purposes: purposeVectors,
}
