import { asBuffer } from '../std/bytes.ts'
import type { Der } from './der-reader.ts'
import { TAG, tlv } from './der-writer.ts'
import { refuse } from './pki-error.ts'

/** `99991231235959Z`: a certificate without a well-defined end (RFC 5280 4.1.2.5). */
export const NO_EXPIRY = new Date('9999-12-31T23:59:59Z')

function digits(date: Date): string {
  return `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
}

/** GeneralizedTime in seconds, Zulu, without fractions. */
function generalizedTime(date: Date): Buffer {
  return tlv(TAG.generalizedTime, Buffer.from(digits(date), 'latin1'))
}

/** `Time`: UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280 4.1.2.5). Fractions of a second are cut. */
export function time(date: Date): Buffer {
  const year = date.getUTCFullYear()
  return year >= 1950 && year < 2050
    ? tlv(TAG.utcTime, Buffer.from(digits(date).slice(2), 'latin1'))
    : generalizedTime(date)
}

/** Reads `Time`. Throws `pki.der` for a form that RFC 5280 4.1.2.5 does not allow. */
export function readTime(node: Der): Date {
  const text = asBuffer(node.content).toString('latin1')
  if (node.tag === TAG.utcTime) {
    if (!/^\d{12}Z$/.test(text)) refuse('pki.der', 'UTCTime must be YYMMDDHHMMSSZ', { clause: 'RFC 5280 4.1.2.5.1' })
    return moment(`${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}`)
  }
  if (node.tag !== TAG.generalizedTime) refuse('pki.der', 'not a time', { clause: 'RFC 5280 4.1.2.5' })
  const date = readGeneralizedTime(node)
  if (date.getUTCFullYear() < 2050)
    refuse('pki.der', 'a time before 2050 must be a UTCTime', { clause: 'RFC 5280 4.1.2.5' })
  return date
}

/** Reads a GeneralizedTime of whole seconds in Zulu. Throws `pki.der`. */
function readGeneralizedTime(node: Der): Date {
  const text = asBuffer(node.content).toString('latin1')
  if (node.tag !== TAG.generalizedTime || !/^\d{14}Z$/.test(text))
    refuse('pki.der', 'GeneralizedTime must be YYYYMMDDHHMMSSZ', { clause: 'RFC 5280 4.1.2.5.2' })
  return moment(text)
}

function moment(text: string): Date {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const date = new Date(iso)
  // The thirtieth of February rolls over silently in Date, so the way back must give the same digits.
  if (Number.isNaN(date.getTime()) || digits(date) !== text) refuse('pki.der', 'there is no such moment')
  return date
}
