import { stream, writePdf } from '../../src/pdf/testing/pdf-builder.ts'
import { rgbProfile } from './engine-colour-profile.ts'

/** The parts of ISO 19005 that a document of the tests can claim, always at level B. */
export type ArchivePart = 1 | 2 | 3

/**
 * A document as PDF/A wants it: metadata that claim the part, an output intent with its profile, a font of its own,
 * nothing transparent.
 */
export function buildArchive(part: ArchivePart): Buffer {
  const intent = '<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(Test RGB)/DestOutputProfile 6 0 R>>'
  const page = (contents: number) =>
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents ${contents} 0 R>>`
  const text = (number: number) => stream(`BT /F1 24 Tf 60 700 Td (Page ${number}) Tj ET`)
  return writePdf(
    'table',
    new Map([
      [1, `<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R/OutputIntents[5 0 R]>>`],
      [2, '<</Type/Pages/Kids[10 0 R 12 0 R]/Count 2>>'],
      [3, boxFont()],
      [4, stream(metadata(part), '/Type/Metadata/Subtype/XML')],
      [5, intent],
      [6, stream(rgbProfile().toString('latin1'), '/N 3')],
      [7, stream('600 0 0 0 500 700 d1 0 0 500 700 re f')],
      [8, stream('300 0 0 0 0 0 d1')],
      [10, page(11)],
      [11, text(1)],
      [12, page(13)],
      [13, text(2)],
    ]),
  )
}

/** A font whose letters are boxes: its glyphs stand in the file themselves, so that it is embedded by nature. */
function boxFont(): string {
  const names = Array.from({ length: 0x5b }, (_, i) =>
    i === 0 ? '/space' : `/uni${(0x20 + i).toString(16).padStart(4, '0')}`,
  )
  const procedures = names.map((name) => `${name} ${name === '/space' ? 8 : 7} 0 R`).join('')
  const widths = names.map((name) => (name === '/space' ? 300 : 600)).join(' ')
  return (
    '<</Type/Font/Subtype/Type3/FontBBox[0 0 500 700]/FontMatrix[.001 0 0 .001 0 0]/Resources<<>>' +
    `/FirstChar 32/LastChar 122/Widths[${widths}]/CharProcs<<${procedures}>>` +
    `/Encoding<</Type/Encoding/Differences[32${names.join('')}]>>>>`
  )
}

function metadata(part: ArchivePart): string {
  return (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">' +
    `<pdfaid:part>${part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
  )
}
