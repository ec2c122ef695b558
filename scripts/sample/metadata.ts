import { number, type PdfFile, type Ref, textString } from './pdf-file.ts'

/** What the document says of itself. Dates are fixed, so that each run makes the same bytes. */
export type About = { readonly title: string; readonly author: string; readonly subject: string }

const PRODUCER = 'Chancery sample'
const CREATED = { pdf: 'D:20260105090000Z', xmp: '2026-01-05T09:00:00Z' }

export function addInformation(pdf: PdfFile, { title, author, subject }: About): Ref {
  return pdf.add(
    `<</Title${textString(title)}/Author${textString(author)}/Subject${textString(subject)}` +
      `/Producer${textString(PRODUCER)}/CreationDate(${CREATED.pdf})/ModDate(${CREATED.pdf})>>`,
  )
}

/** The same as XMP. ISO 32000-2 §14.3.2, ISO 16684-1 */
export function addMetadata(pdf: PdfFile, { title, author, subject }: About): Ref {
  const translated = (text: string) => `<rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(text)}</rdf:li></rdf:Alt>`
  const packet = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
      <dc:format>application/pdf</dc:format>
      <dc:title>${translated(title)}</dc:title>
      <dc:description>${translated(subject)}</dc:description>
      <dc:creator><rdf:Seq><rdf:li>${escapeXml(author)}</rdf:li></rdf:Seq></dc:creator>
      <pdf:Producer>${PRODUCER}</pdf:Producer>
      <xmp:CreateDate>${CREATED.xmp}</xmp:CreateDate>
      <xmp:ModifyDate>${CREATED.xmp}</xmp:ModifyDate>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`
  return pdf.addPlainStream('/Type/Metadata/Subtype/XML', Buffer.from(packet))
}

export type Bookmark = { readonly text: string; readonly page: Ref; readonly y: number }

/** One level of bookmarks. ISO 32000-2 §12.3.3 */
export function addOutline(pdf: PdfFile, bookmarks: readonly Bookmark[]): Ref {
  const outline = pdf.reserve()
  const items = bookmarks.map(() => pdf.reserve())
  for (const [i, { text, page, y }] of bookmarks.entries()) {
    const neighbours = [i > 0 && `/Prev ${items[i - 1]}`, i < items.length - 1 && `/Next ${items[i + 1]}`]
    const links = neighbours.filter(Boolean).join('')
    const destination = `/Dest[${page}/XYZ null ${number(y)} null]`
    pdf.put(items[i] ?? outline, `<</Title${textString(text)}/Parent ${outline}${links}${destination}>>`)
  }
  pdf.put(outline, `<</Type/Outlines/First ${items.at(0)}/Last ${items.at(-1)}/Count ${items.length}>>`)
  return outline
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
