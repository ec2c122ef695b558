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
export function generalizedTime(date: Date): Buffer {
  return tlv(TAG.generalizedTime, Buffer.from(digits(date), 'latin1'))
}

/** GeneralizedTime with milliseconds, where there are any; without zeros at the end (X.690 11.7). */
export function preciseTime(date: Date): Buffer {
  const fraction = (date.getTime() % 1000) / 1000
  const text = fraction === 0 ? digits(date) : digits(date).replace('Z', `${String(fraction).slice(1)}Z`)
  return tlv(TAG.generalizedTime, Buffer.from(text, 'latin1'))
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

/**
 * Reads a GeneralizedTime in Zulu that may have a fraction of a second, cut to milliseconds (RFC 3161 2.4.2,
 * RFC 6960 4.2.2.1). Throws `pki.der` for a fraction that DER does not allow: empty, or with zeros at its end
 * (X.690 11.7).
 */
export function readPreciseTime(node: Der): Date {
  const text = asBuffer(node.content).toString('latin1')
  const [, whole, fraction = ''] = /^(\d{14})(?:\.(\d{0,8}[1-9]))?Z$/.exec(text) ?? []
  if (node.tag !== TAG.generalizedTime || whole === undefined)
    refuse('pki.der', 'not a GeneralizedTime in Zulu', { clause: 'X.690 11.7' })
  return new Date(moment(`${whole}Z`).getTime() + Number(fraction.padEnd(3, '0').slice(0, 3)))
}

/** `text` is YYYYMMDDHHMMSSZ. */
function moment(text: string): Date {
  const part = (start: number, end: number) => Number(text.slice(start, end))
  const [year, month, day, hour] = [part(0, 4), part(4, 6), part(6, 8), part(8, 10)]
  const date = new Date(Date.UTC(year, month - 1, day, hour, part(10, 12), part(12, 14)))
  // The thirtieth of February rolls over silently in Date, so the way back must give the same digits.
  const isSame =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === part(10, 12) &&
    date.getUTCSeconds() === part(12, 14)
  return isSame ? date : refuse('pki.der', 'there is no such moment')
}
