export { httpTexter, SmsNotSent } from './sms-http.ts'
