import { prepareFill } from '../../src/pades/index.ts'
import { bytesSource, listFields, openPdf } from '../../src/pdf/index.ts'

/** Fills the text fields that have a value waiting. Earlier signatures stay valid, or it is refused. */
export async function fillForm(pdf: Uint8Array, known: Record<string, string>): Promise<Uint8Array> {
  const document = openPdf(bytesSource(pdf))
  const texts = listFields(document).filter(({ kind }) => kind === 'text')
  const values = Object.fromEntries(texts.flatMap(({ name }) => (name in known ? [[name, known[name] ?? '']] : [])))
  return Buffer.concat([pdf, await prepareFill(document, { values, filledAt: new Date() })])
}
