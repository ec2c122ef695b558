/* The sandbox's stand-ins, for the tests of the core, which may not import what stands above it. */
export { personas, sandboxProvider } from '../../src/adapters/proofing-sandbox/index.ts'
export { sandboxRegistry } from '../../src/adapters/registry-sandbox/index.ts'
