import { type Report, validate } from '../../pades/index.ts'
import { bytesSource, PdfError } from '../../pdf/index.ts'
import { OID, readCertificate, valuesOf } from '../../pki/index.ts'
import { type Bytes, sha256 } from '../../std/bytes.ts'
import { type Check, check } from './check.ts'
import { containersOf } from './containers.ts'
import type { Souvenirs } from './journey.ts'
import { refusalOf } from './sign.ts'

/** What can be checked with nothing but the files, the answers and our own validator. */
export async function ownChecks({ contract, first, second, root }: Souvenirs): Promise<readonly Check[]> {
  const [once, twice] = [first.file.bytes, second.file.bytes]
  return [
    check(
      'the signed file begins with the uploaded one, byte for byte',
      startsWith(once, contract) && startsWith(twice, once),
      `${contract.length} bytes, then ${once.length}, then ${twice.length}`,
    ),
    check(
      'what was downloaded is what was signed (SHA-256)',
      [first.file, second.file].every(({ bytes, sha256: told }) => sha256(bytes).toString('hex') === told),
      first.file.sha256,
    ),
    await checkReport('our validator accepts the first signature', once, root, 1),
    await checkReport('our validator accepts both signatures', twice, root, 2),
    ...[first, second].map(({ person, file }) => checkSubject(person.fullName, person.traveller.dpi, file.bytes)),
    check(
      'a code from an e-mail does not sign',
      [first.file, second.file].every(({ withEmailCode }) => refusalOf(withEmailCode) === 'INVALID_OTP'),
      `${first.file.withEmailCode.status} ${refusalOf(first.file.withEmailCode)}`,
    ),
    check(
      'a download link works once',
      [first.file, second.file].every(({ secondDownload }) => secondDownload.status === 403),
      `the second time ${first.file.secondDownload.status}`,
    ),
    await checkTampered(once, root),
  ]
}

const startsWith = (whole: Buffer, start: Buffer): boolean =>
  whole.length > start.length && whole.subarray(0, start.length).equals(start)

const judge = (bytes: Buffer, root: Bytes): Promise<Report> =>
  validate(bytesSource(bytes), { trustAnchors: [root], time: new Date(), revocation: 'none' })

async function checkReport(name: string, bytes: Buffer, root: Bytes, count: number): Promise<Check> {
  const { signatures } = await judge(bytes, root)
  const isGood = signatures.every(({ indication, format }) => indication === 'TOTAL-PASSED' && format === 'PAdES-B-B')
  const seen = signatures.map(({ field, indication, format }) => `${field}: ${indication}, ${format}`)
  return check(name, isGood && signatures.length === count, seen.join('; '))
}

/** The newest signature of a file is by a certificate for exactly this person. */
function checkSubject(fullName: string, nationalId: string, bytes: Buffer): Check {
  const name = `the certificate names the proven person: ${fullName}`
  const signer = containersOf(bytes).at(-1)?.signer
  if (!signer) return check(name, false, 'there is no certificate')
  const { subject } = readCertificate(signer)
  const [commonName] = valuesOf(subject, OID.commonName)
  const [serialNumber] = valuesOf(subject, OID.serialNumber)
  const isTheirs = commonName === fullName && serialNumber === `PNOGT-${nationalId}`
  return check(name, isTheirs, `CN=${commonName}, serialNumber=${serialNumber}`)
}

/** One bit in the middle of what was uploaded. */
async function checkTampered(signed: Buffer, root: Bytes): Promise<Check> {
  const name = 'a copy with one changed bit is not valid'
  const copy = Buffer.from(signed)
  const middle = copy.length >> 1
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle)
  try {
    const { indication, signatures } = await judge(copy, root)
    return check(name, indication !== 'TOTAL-PASSED', signatures[0]?.reason?.message ?? indication)
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return check(name, true, error.message)
  }
}
