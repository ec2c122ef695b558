import { companyOfToken, personOfToken } from '../../kit/authenticate.ts'
import type { Facade } from '../../kit/facade.ts'
import { failure } from './errors.ts'
import { authenticationRoutes } from './routes/authentication.ts'
import { certificateRoutes } from './routes/certificates.ts'
import { documentRoutes } from './routes/documents.ts'
import { onboardingRoutes } from './routes/onboarding.ts'
import { ErrorBody } from './wire.ts'

/** The sponsored onboarding and signing API: bare objects, `{code, message}` for errors. */
export const sponsored: Facade = {
  name: 'sponsored',
  mount: '/v1',
  title: 'Sponsored Onboarding & Signing API',
  version: '1.1.0',
  description:
    'Authentication, data enrichment, phone verification, identity proofing, documents, certificates and signing for people that a company sponsors.',
  tags: {
    Authentication: 'Sign-up and log-in of a person, by the company.',
    Onboarding: 'From personal data to a proven identity, by the person.',
    Documents: 'Preparing documents for signing (upload and download) and signing them.',
    Certificates: 'The certificates of a person.',
  },
  authenticate: { company: companyOfToken, person: personOfToken },
  failure,
  errorSchema: ErrorBody,
  routes: [...authenticationRoutes, ...onboardingRoutes, ...documentRoutes, ...certificateRoutes],
}
