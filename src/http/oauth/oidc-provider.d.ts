/** The part of oidc-provider 9 that the token endpoint needs. The package carries no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export type ProviderClient = {
    readonly clientId: string
    readonly scope?: string
    compareClientSecret(secret: string): boolean | Promise<boolean>
  }

  export type KoaContext = {
    status: number
    body: unknown
    set(name: string, value: string): void
    remove(name: string): void
    readonly oidc: { readonly params: { scope?: string | undefined } }
  }

  export type Configuration = Readonly<Record<string, unknown>>

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    readonly Client: { readonly prototype: ProviderClient }
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    use(middleware: (context: KoaContext, next: () => Promise<void>) => Promise<void>): void
    on(event: 'server_error', listener: (context: KoaContext, error: unknown) => void): void
  }

  export const errors: {
    readonly InvalidTarget: new () => Error
    readonly InvalidScope: new (description: string, scope: string) => Error
  }
}
