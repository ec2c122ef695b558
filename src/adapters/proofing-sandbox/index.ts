export { type Persona, personas } from './personas.ts'
export { sandboxProvider } from './sandbox-provider.ts'
