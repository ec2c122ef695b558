import {
  bytesSource,
  formFields,
  NULL,
  openPdf,
  type PdfDocument,
  readInteger,
  readRef,
  readString,
} from '../../pdf/index.ts'
import { readCertificate, readSignedData, type SignedData } from '../../pki/index.ts'
import { type Bytes, equalBytes } from '../../std/bytes.ts'

/** A signature taken out of its document, for tools that know CMS and not PDF. */
export type Container = {
  readonly field: string
  /** The CMS structure without the padding behind it. */
  readonly cms: Bytes
  /** What it signs: the document without the gap. */
  readonly content: Buffer
  /** Length of the document when it was signed. */
  readonly end: number
  /** DER. */
  readonly signer: Bytes
}

/** The signatures of a document, in the order in which they were made. */
export function containersOf(bytes: Buffer): readonly Container[] {
  const document = openPdf(bytesSource(bytes))
  const found = formFields(document).flatMap(({ type, name, value }) => {
    const ref = type === 'Sig' ? readRef(value ?? NULL) : undefined
    const dictionary = ref && document.dict(ref)
    const contents = dictionary && readString(dictionary.get('Contents') ?? NULL)
    const range = dictionary && integers(document, dictionary.get('ByteRange'))
    if (!contents || !range) return []
    const [, length = 0, start = 0, rest = 0] = range
    const data = readSignedData(contents)
    const signer = signerOf(data)
    if (!signer) return []
    return [
      {
        field: name,
        cms: contents.subarray(0, data.length),
        content: Buffer.concat([bytes.subarray(0, length), bytes.subarray(start, start + rest)]),
        end: start + rest,
        signer,
      },
    ]
  })
  return found.sort((a, b) => a.end - b.end)
}

/** The certificates are a set, so the signer's has no place of its own: the SignerInfo names it (RFC 5652 §5.3). */
function signerOf({ certificates, signerInfos }: SignedData): Bytes | undefined {
  const sid = signerInfos[0]?.sid
  if (!sid || !('serial' in sid)) return undefined
  return certificates.find((der) => {
    const { issuer, serial } = readCertificate(der)
    return equalBytes(issuer.raw, sid.issuer) && equalBytes(serial, sid.serial)
  })
}

function integers(document: PdfDocument, value: Bytes | undefined): readonly number[] | undefined {
  return document.array(value)?.map((item) => readInteger(document.resolve(item)) ?? 0)
}
