import { stream } from '../../../pdf/testing/pdf-builder.ts'
import { appended } from '../signing.ts'
import { type Attack, type Expected, formFailure, undefinedChange } from './attack.ts'
import { freed, withRawRevision } from './raw-revision.ts'
import { catalog, document, formWith, signedByAna } from './samples.ts'

const KEY = '0123456789ABCDEF0123456789ABCDEF01234567'
const store = (certificates: string, related: string) =>
  `<</Certs[${certificates}]/OCSPs[32 0 R]/CRLs[]/VRI ${related}>>`
const entry = (certificates: string) => `<</Cert[${certificates}]/OCSP[32 0 R]/TU(D:20261120120000Z)>>`

/** A document with a security store, as the first signer found it. */
const stored = document({
  1: catalog('/DSS 30 0 R'),
  30: store('31 0 R', '33 0 R'),
  31: stream('certificate'),
  32: stream('answer'),
  33: `<</${KEY} 34 0 R>>`,
  34: entry('31 0 R'),
})

const after = (objects: Record<number, string>) => async () => appended(await signedByAna(stored), objects)
const without = (number: number) => async () =>
  withRawRevision(await signedByAna(stored), { lines: { [number]: freed } })

const rows: readonly (readonly [name: string, build: Attack['build'], expected?: Expected])[] = [
  ['the security store taken out of the catalog', after({ 1: catalog() })],
  ['another security store', after({ 1: catalog('/DSS 60 0 R'), 60: '<</Certs[]>>' })],
  ['the security store made empty', after({ 30: '<<>>' })],
  ['the security store freed', without(30)],
  ['a certificate taken out', after({ 30: store('', '33 0 R') })],
  ['a list of answers taken out', after({ 30: '<</Certs[31 0 R]/CRLs[]/VRI 33 0 R>>' })],
  ['a certificate replaced', after({ 31: stream('another') })],
  ['an answer freed', without(32)],
  ['the entry of a signature taken out', after({ 33: '<<>>' })],
  ['the entry of a signature made empty', after({ 34: '<<>>' })],
  ['a certificate taken out of the entry of a signature', after({ 34: entry('') })],
  ['all entries of signatures taken out', after({ 30: '<</Certs[31 0 R]/OCSPs[32 0 R]/CRLs[]>>' })],
  ['an entry of another name', after({ 33: `<</${KEY} 34 0 R/X<<>>>>` })],
  ['something else in the security store', after({ 30: store('31 0 R', '33 0 R').replace('/CRLs', '/X 1/CRLs') })],
  ['a certificate that is no stream', after({ 30: store('31 0 R 60 0 R', '33 0 R'), 60: '<</OpenAction 1>>' })],
  ['the signature freed', without(35), formFailure('signature.removed')],
  [
    'the field of the signature taken out of the form',
    after({ 4: formWith().replace('6 0 R ', '') }),
    formFailure('signature.removed'),
  ],
  ['a page freed', without(12)],
]

/** What a signature needs to be judged, taken away later. */
export const evidenceRemoval: readonly Attack[] = rows.map(([name, build, expected = undefinedChange]) => ({
  name,
  build,
  expected: [expected],
}))
