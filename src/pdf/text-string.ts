import { asBuffer, type Bytes } from '../std/bytes.ts'
import { latin1, writeHex } from './values.ts'

/** A text string (ISO 32000-2 7.9.2.2): ASCII as it is, everything else as UTF-16BE, always in hexadecimal. */
export function writeText(text: string): string {
  return writeHex(textBytes(text))
}

/** The bytes of a text string. */
export function textBytes(text: string): Bytes {
  const ascii = /^[\x20-\x7e]*$/.test(text)
  return ascii ? Buffer.from(text, 'latin1') : Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
}

/** The text of a text string. Bytes of PDFDocEncoding outside Latin-1 are rare in names and read as Latin-1. */
export function readText(bytes: Bytes): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le')
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return asBuffer(bytes.subarray(3)).toString('utf8')
  return latin1(bytes)
}

/** A date in UTC with seconds (ISO 32000-2 7.9.4). */
export function writeDate(date: Date): string {
  return `D:${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
}

/** Reads a date; a part that is missing is its earliest. Undefined when it is not one. */
export function readDate(text: string): Date | undefined {
  const match = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?00'?)?|([+-])(\d\d)'?(?:(\d\d)'?)?)?$/.exec(
    text,
  )
  if (!match) return undefined
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    sign,
    offsetHours,
    offsetMinutes,
  ] = match
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(date.getTime()) || Number(offsetHours ?? 0) > 23 || Number(offsetMinutes ?? 0) > 59) return undefined
  const offsetMs = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000
  return new Date(date.getTime() - (sign === '-' ? -offsetMs : offsetMs))
}
