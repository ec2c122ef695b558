export { knownEntries } from './known-entries.ts'
export { sandboxRegistry } from './registry-sandbox.ts'
