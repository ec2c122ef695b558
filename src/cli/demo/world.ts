import { z } from 'zod'
import type { Client } from './client.ts'
import type { Mailbox } from './mailbox.ts'

/** A company's program: its credentials, and the token that it got for them. */
export type Company = {
  readonly client: Client
  readonly clientId: string
  readonly token: string
  /** Where the codes of its people arrive. A company never sees this; the people of the demo do. */
  readonly mailbox: Mailbox
}

/** Who goes through the journey, with what they type into the company's forms. */
export type Traveller = {
  readonly email: string
  readonly dpi: string
  readonly telephone: string
  readonly address: string
}

/** Runs a part of the journey under a title that a person can read. */
export type Step = <Result>(title: string, work: () => Promise<Result>) => Promise<Result>

const Token = z.object({ access_token: z.string() })

/** Gets the company's token: OAuth 2.0 client credentials (RFC 6749 §4.4). */
export async function companyToken(client: Client, clientId: string, clientSecret: string): Promise<string> {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const headers = { authorization: `Basic ${credentials}` }
  const { access_token } = await client.ask({ method: 'POST', path: '/oauth/token', form, headers }, 200, Token)
  return access_token
}
