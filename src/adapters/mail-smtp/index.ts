export { MailNotSent, smtpMailer } from './mail-smtp.ts'
