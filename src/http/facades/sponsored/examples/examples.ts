/* The documented requests and answers of the sponsored API: facts, kept as data. Ours, where nobody published one. */

const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

export const identity = { email: 'user@company.com', client_id: 'aBcDeFgHiJkLmNoPqRsT' }
export const email = { email: 'user@company.com' }

export const loginStarted = {
  email: 'user@company.com',
  session: 'sess_abc123xyz789',
  method: 'email',
  user_id: '27c7e9af-b519-4bec-a9c1-c7fd51aad8b6',
}

export const loginConfirmation = {
  email: 'user@company.com',
  session: 'sess_abc123xyz789',
  method: 'email',
  client_id: 'aBcDeFgHiJkLmNoPqRsT',
  otp: '123456',
  user_id: 'aaaa-bbbb-xxxx-yyyy',
}

export const loggedIn = {
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...',
  expires_in: 3600,
  token_type: 'Bearer',
  id_token: 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9...',
  onboarding_step: 'data_enrichment',
  onboarding_process_ulid: ULID,
}

export const personalData = {
  dpi: '1234567890101',
  telephone: '+50212345678',
  address: '1 Calle 1-23 Zona 4, Guatemala City',
}

export const enrichedData = {
  full_name: 'Juan José Pérez López',
  date_of_birth: '1990-05-15',
  national_id_number: '1234567890101',
  tax_id: '1234567-8',
  telephone: '+50212345678',
  address: '1 Calle 1-23 Zona 4, Guatemala City',
}

export const phoneCode = { otp: '123456' }
export const progressToKyc = { onboarding_step: 'kyc', onboarding_process_ulid: ULID }
export const progressAtPhone = { onboarding_step: 'phone_verification', onboarding_process_ulid: ULID }
export const kycSession = { url: 'https://chancery.example/proofing/r5Yk0…', expires_at: '2026-10-20T15:00:00Z' }
export const kycStatus = { user_id: '27c7e9af-b519-4bec-a9c1-c7fd51aad8b6', status: 'Approved' }

export const uploadRequest = { file_tier: 'tier-1', file_name: 'contrato-laboral.pdf' }
export const uploadForm = {
  url: 'https://chancery.example/uploads',
  fields: {
    key: 'user-uuid/onboarding-ulid/documento.pdf',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': 'AKIAEXAMPLE/20240101/us-east-1/s3/aws4_request',
    'x-amz-date': '20240101T120000Z',
    policy:
      'eyJleHBpcmF0aW9uIjoiMjAyNC0wMS0wMVQxMjowNzowMFoiLCJjb25kaXRpb25zIjpbeyJidWNrZXQiOiJ5b3VyLWJ1Y2tldC1uYW1lIn0seyJrZXkiOiJ1c2VyLXV1aWQvb25ib2FyZGluZy11bGlkL2RvY3VtZW50by5wZGYifV19',
    'x-amz-signature': 'a1b2c3d4e5f6',
  },
  doc_ulid: ULID,
}
export const downloadLink = { download_url: 'https://chancery.example/files/hT3v…' }

export const certificate = {
  certificate_id: 'cert_thmb_abc123def456',
  name: 'Personal Qualified Certificate',
  type: 'QualifiedESignature',
  status: 'Active',
  expiry_date: '2026-10-20T15:00:00Z',
}
export const revocation = { reason: 'keyCompromise' }
export const revokedCertificate = { ...certificate, status: 'Revoked' }

export const signChallenge = { doc_ulid: ULID, certificate_id: 'cert_thmb_abc123def456' }
export const signChallenged = { challenge_id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', method: 'sms', expires_in: 300 }
export const sign = {
  doc_ulid: ULID,
  certificate_id: 'cert_thmb_abc123def456',
  challenge_id: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  otp: '123456',
  field: 'Signature1',
  reason: 'I agree to the contract',
}
export const signed = {
  document_path: 'user-uuid/onboarding-ulid/contrato-laboral-signed.pdf',
  signed_at: '2026-10-20T15:00:00Z',
  level: 'B-B',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
}
