import type { Platform } from '../../core/index.ts'
import type { JobHandlers } from '../handler.ts'
import { concludingProofings } from './conclude-proofing.ts'
import { deliveringMessages } from './deliver-message.ts'
import { finishingSignatures } from './finish-signature.ts'
import { issuingCertificates } from './issue-certificate.ts'
import { sweeping } from './sweep.ts'

/** Everything that the platform does later. */
export function allJobs(platform: Platform): JobHandlers {
  return {
    ...deliveringMessages(platform),
    ...concludingProofings(platform),
    ...issuingCertificates(platform),
    ...finishingSignatures(platform),
    ...sweeping(platform),
  }
}
