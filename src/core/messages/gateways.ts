/** Sends one mail. Resolves when the next server has taken it; rejects when it has not, or may not have. */
export type Mailer = {
  send(mail: {
    readonly to: string
    readonly subject: string
    readonly text: string
    readonly id: string
  }): Promise<void>
}

/** Sends one text message, with the same promise. `id` lets the gateway drop a repetition. */
export type Texter = {
  send(message: { readonly to: string; readonly text: string; readonly id: string }): Promise<void>
}
