import { type Case, type Cases, type Contender, type ContenderName, type Order, workFor } from './engine/contender.ts'

/*
 * A process that is measured. Each contender has one of its own, so that none runs in the other's memory; while one
 * works, the others wait for their turn.
 */

/** Loaded when wanted: what a process weighs is what its contender weighs. */
const load: Readonly<Record<ContenderName, () => Promise<Contender>>> = {
  'bare-keys': async () => (await import('./engine/bare-keys.ts')).bareKeys,
  levels: async () => (await import('./engine/levels.ts')).levels,
  libpdf: async () => (await import('./engine/libpdf.ts')).libpdf,
  signpdf: async () => (await import('./engine/signpdf.ts')).signpdf,
  documents: async () => (await import('./engine/documents.ts')).documents,
  'kept-prefix': async () => (await import('./engine/kept-prefix.ts')).keptPrefix,
  'in-place': async () => (await import('./engine/in-place.ts')).inPlace,
  'plain-hash': async () => (await import('./engine/plain-hash.ts')).plainHash,
}

let cases: Cases = {}
let loaded = 0

function caseNamed(name: string): Case {
  const found = cases[name]
  if (!found) throw new Error(`there is no case ${name}`)
  return found
}

async function carryOut(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'set up':
      cases = await (await load[order.name]())(order.world)
      loaded = process.memoryUsage.rss()
      return Object.keys(cases)
    case 'round':
      return await workFor(order.forMs, caseNamed(order.name))
    case 'weigh':
      return { loaded, peak: process.resourceUsage().maxRSS * 1024 }
  }
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.once('disconnect', () => process.exit(0))
