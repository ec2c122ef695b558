import type { Attack } from './attack.ts'
import { crossReferences } from './cross-references.ts'
import { evidenceRemoval } from './evidence-removal.ts'
import { forms } from './forms.ts'
import { harmless } from './harmless.ts'
import { incrementalSaving } from './incremental-saving.ts'
import { overlays } from './overlays.ts'
import { shadow } from './shadow.ts'
import { signatureWrapping } from './signature-wrapping.ts'
import { universalForgery } from './universal-forgery.ts'

export type { Attack, Expected } from './attack.ts'

/** Files that were tampered with after a signature, or look like it, by kind. */
export const attacks: Readonly<Record<string, readonly Attack[]>> = {
  'universal signature forgery': universalForgery,
  'signature wrapping': signatureWrapping,
  'incremental saving': incrementalSaving,
  'shadow attacks': shadow,
  'overlays and certifications': overlays,
  'evidence taken away': evidenceRemoval,
  'cross-references': crossReferences,
  'forms filled in': forms,
  'what may come later': harmless,
}
