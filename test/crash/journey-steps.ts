import {
  type CertificateReply,
  certificateOf,
  companyToken,
  confirmPhone,
  enrichData,
  expected,
  freshEmail,
  freshTelephone,
  kycOutcome,
  logIn,
  signUp,
  startKyc,
  type Traveller,
  Unexpected,
  type World,
} from '../support/journey.ts'
import {
  type Challenged,
  challenge,
  download,
  openUpload,
  type Signed,
  sendForm,
  signBody,
  type UploadForm,
} from '../support/journey-documents.ts'

/*
 * The journey as a client walks it who may lose any answer: each step may be taken again when nobody knows whether
 * the last time counted, and what was acknowledged is written down.
 */

/** What one person's journey has come to; every part was acknowledged. */
export type Trail = {
  readonly email: string
  readonly telephone: string
  readonly file: Uint8Array<ArrayBuffer>
  token: string
  signedUp?: true
  person?: Traveller
  enriched?: true
  phoneConfirmed?: true
  sessionUrl?: string
  approved?: true
  certificate?: CertificateReply
  form?: UploadForm
  uploaded?: true
  challenged?: Challenged
  signed?: Signed
  signedFile?: Buffer
}

export async function beginTrail(world: World, file: Uint8Array<ArrayBuffer>): Promise<Trail> {
  return { email: freshEmail(), telephone: freshTelephone(), file, token: await companyToken(world) }
}

/** Takes a step; `again` when the answer of an earlier try was lost. */
export type Step = (world: World, trail: Trail, again: boolean) => Promise<void>

/** What a step before left behind. */
function known<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('a step was taken before the one that it needs')
  return part
}

/** A call whose effect ends the step: taken again after it counted, it is refused as out of order. */
async function onceOnly(again: boolean, call: () => Promise<void>): Promise<void> {
  try {
    await call()
  } catch (error) {
    const counted = again && error instanceof Unexpected && error.answer.status === 409
    if (!counted) throw error
  }
}

const wishOf = (trail: Trail) => ({
  doc_ulid: known(trail.form).doc_ulid,
  certificate_id: known(trail.certificate).certificate_id,
})

export const steps = {
  async signUp(world, trail) {
    await signUp(world, trail.token, trail.email)
    trail.signedUp = true
  },
  async logIn(world, trail) {
    trail.person = await logIn(world, trail.token, trail.email, trail.telephone)
  },
  async enrichData(world, trail) {
    await enrichData(world, known(trail.person))
    trail.enriched = true
  },
  async confirmPhone(world, trail, again) {
    await onceOnly(again, () => confirmPhone(world, known(trail.person)))
    trail.phoneConfirmed = true
  },
  async startKyc(world, trail, again) {
    const person = known(trail.person)
    await onceOnly(again, async () => {
      trail.sessionUrl = await startKyc(world, person)
    })
  },
  async awaitApproval(world, trail) {
    const { status } = await kycOutcome(world, known(trail.person))
    if (status !== 'Approved') throw new Error(`the proofing ended as ${status}`)
    trail.approved = true
  },
  async awaitCertificate(world, trail) {
    trail.certificate = await certificateOf(world, known(trail.person))
  },
  async openUpload(world, trail) {
    trail.form = await openUpload(world, known(trail.person))
  },
  async upload(world, trail) {
    expected('upload', await sendForm(world.http, known(trail.form), trail.file), 204)
    trail.uploaded = true
  },
  async challenge(world, trail) {
    trail.challenged = await challenge(world, known(trail.person), wishOf(trail))
  },
  async sign(world, trail) {
    const json = signBody(wishOf(trail), known(trail.challenged))
    const token = known(trail.person).accessToken
    trail.signed = expected<Signed>('sign', await world.http.call('POST', '/v1/documents/sign', { token, json }), 200)
  },
  async download(world, trail) {
    trail.signedFile = await download(world, known(trail.person), known(trail.signed).document_path)
  },
} as const satisfies Record<string, Step>

export type StepName = keyof typeof steps
export const stepNames = Object.keys(steps) as StepName[]
