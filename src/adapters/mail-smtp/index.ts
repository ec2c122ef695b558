export { MailNotSent, smtpMailer } from './mail-smtp.ts'
export type { SmtpSettings } from './transport-options.ts'
