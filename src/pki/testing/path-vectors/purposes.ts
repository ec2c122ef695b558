import { NULL } from '../../der-writer.ts'
import { basicConstraints, extendedKeyUsage, type KeyUsage, keyUsage, OID, type Purpose } from '../../index.ts'
import { authority, type CertificateSpec } from '../chain-builder.ts'
import { type PathVector, plain } from './path-vector.ts'

const CLIENT = '1.3.6.1.5.5.7.3.2'
const CODE = '1.3.6.1.5.5.7.3.3'

const usage = (...usages: KeyUsage[]) => ({ usage: keyUsage(...usages) })
const extended = (...purposes: string[]) => ({ extended: extendedKeyUsage(purposes) })
const alone = (...purposes: string[]) => ({ extended: extendedKeyUsage(purposes, true) })
const none = { usage: undefined }

/** A certificate that is right for each purpose. */
const right: Readonly<Record<Purpose, CertificateSpec>> = {
  documentSigning: { extensions: usage('nonRepudiation') },
  timeStamping: { extensions: { ...usage('digitalSignature'), ...alone(OID.timeStamping) } },
  ocspSigning: { extensions: { ...usage('digitalSignature'), ...extended(OID.ocspSigning) } },
  certificateAuthority: authority(),
  crlSigning: authority(),
}

type Extensions = NonNullable<CertificateSpec['extensions']>

const fits = (purpose: Purpose, name: string, extensions: Extensions): PathVector => ({
  name: `${purpose}: ${name}`,
  clause: 'RFC 5280 4.2.1.12',
  chain: { ...plain, person: right[purpose] },
  defect: { person: { extensions } },
  input: { purpose },
})

const unfit = (
  purpose: Purpose,
  name: string,
  extensions: Extensions,
  clause: string,
  reason: PathVector['reason'] = 'wrong_purpose',
): PathVector => ({
  name: `${purpose}: ${name}`,
  clause,
  reason,
  chain: { ...plain, person: right[purpose] },
  defect: { person: { extensions } },
  input: { purpose },
  opensslCannot: 'its purposes are others',
})

const [USAGE, EXTENDED, TSA, OCSP] = ['RFC 5280 4.2.1.3', 'RFC 5280 4.2.1.12', 'RFC 3161 2.3', 'RFC 6960 4.2.2.2']

/** What the certificate at the end is for. */
export const purposeVectors: readonly PathVector[] = [
  fits('documentSigning', 'no usage named', none),
  fits('documentSigning', 'digital signature', usage('digitalSignature')),
  fits('documentSigning', 'both kinds of signature', usage('digitalSignature', 'nonRepudiation', 'keyAgreement')),
  fits('documentSigning', 'the purpose of RFC 9336', extended(OID.documentSigning)),
  fits('documentSigning', 'e-mail', extended(CLIENT, OID.emailProtection)),
  fits('documentSigning', 'any purpose', extended(OID.anyExtendedKeyUsage)),
  fits('documentSigning', 'the documents of a vendor', extended(OID.adobeDocuments)),
  fits('documentSigning', 'the purpose made critical', alone(OID.documentSigning)),
  unfit('documentSigning', 'keys for secrecy', usage('keyEncipherment'), USAGE, 'key_usage'),
  unfit('documentSigning', 'keys for certificates', usage('keyCertSign'), USAGE, 'key_usage'),
  unfit('documentSigning', 'logging in alone', extended(CLIENT), EXTENDED),
  unfit('documentSigning', 'code', extended(CODE), EXTENDED),
  unfit('documentSigning', 'time-stamps', alone(OID.timeStamping), EXTENDED),
  unfit('documentSigning', 'OCSP answers', extended(OID.ocspSigning), EXTENDED),
  unfit(
    'documentSigning',
    'purposes that cannot be read',
    { extended: { id: OID.extKeyUsage, critical: false, value: NULL } },
    EXTENDED,
    'malformed',
  ),
  fits('timeStamping', 'the purpose critical and alone', {}),
  fits('timeStamping', 'no usage named', none),
  fits('timeStamping', 'non-repudiation', usage('nonRepudiation')),
  unfit('timeStamping', 'no purpose named', { extended: undefined }, TSA),
  unfit('timeStamping', 'the purpose not critical', extended(OID.timeStamping), TSA),
  unfit('timeStamping', 'a second purpose', alone(OID.timeStamping, OID.documentSigning), TSA),
  unfit('timeStamping', 'another purpose', alone(OID.documentSigning), TSA),
  unfit('timeStamping', 'any purpose', alone(OID.anyExtendedKeyUsage), TSA),
  unfit('timeStamping', 'keys for secrecy', usage('keyEncipherment'), EXTENDED, 'key_usage'),
  fits('ocspSigning', 'the purpose', {}),
  fits('ocspSigning', 'the purpose among others', extended(CLIENT, OID.ocspSigning)),
  unfit('ocspSigning', 'no purpose named', { extended: undefined }, OCSP),
  unfit('ocspSigning', 'any purpose', extended(OID.anyExtendedKeyUsage), OCSP),
  unfit('ocspSigning', 'keys for certificates', usage('keyCertSign'), EXTENDED, 'key_usage'),
  fits('certificateAuthority', 'an authority', {}),
  fits('certificateAuthority', 'no usage named', none),
  unfit(
    'certificateAuthority',
    'a person',
    { basic: basicConstraints({ ca: false }) },
    'RFC 5280 4.2.1.9',
    'not_an_authority',
  ),
  unfit('certificateAuthority', 'no basicConstraints', { basic: undefined }, 'RFC 5280 4.2.1.9', 'not_an_authority'),
  unfit('certificateAuthority', 'keys for lists', usage('cRLSign'), USAGE, 'key_usage'),
  fits('crlSigning', 'keys for lists', usage('cRLSign')),
  fits('crlSigning', 'no usage named', none),
  unfit('crlSigning', 'keys for certificates', usage('keyCertSign'), 'RFC 5280 6.3.3 (f)', 'key_usage'),
]
