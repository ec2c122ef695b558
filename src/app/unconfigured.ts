import { fail, type Mailer, type Outside, type Texter } from '../core/index.ts'

/* What stands where a live company's outside world was not configured: it refuses, and says so to the operator. */

/** A job that needs it is tried again until its message expires. */
export const noMailer: Mailer = {
  send: () => Promise.reject(new Error('CHANCERY_SMTP_URL is not set: mail of live companies cannot be sent')),
}

export const noTexter: Texter = {
  send: () => Promise.reject(new Error('CHANCERY_SMS_URL is not set: text messages of live companies cannot be sent')),
}

export const noRegistry: Outside['registry'] = { lookUp: async () => fail('platform.unavailable') }

export const noProofing: Outside['proofingProvider'] = {
  id: 'none',
  start: async () => fail('platform.unavailable'),
  report: async () => fail('platform.unavailable'),
}
