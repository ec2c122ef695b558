/** Where this floor says what it does, one sentence a call. A pino logger fits. */
export type Log = {
  info(sentence: string): void
  warn(sentence: string): void
  error(sentence: string): void
}
