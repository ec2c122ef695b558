/** What one look showed. */
export type Verdict = {
  /** `warn`: it works today, and somebody should look at it. */
  readonly result: 'ok' | 'warn' | 'fail'
  /** What was seen, and with `warn` and `fail` what to do. */
  readonly detail: string
}

export type Finding = Verdict & { readonly name: string }

/** Something to look at: a name, and the look. */
export type Look = readonly [name: string, look: () => Promise<Verdict>]

export const ok = (detail: string): Verdict => ({ result: 'ok', detail })
export const warn = (detail: string): Verdict => ({ result: 'warn', detail })
export const bad = (detail: string): Verdict => ({ result: 'fail', detail })

/** Looks at one thing after the other. A look that breaks is a finding too. */
export async function examine(looks: readonly Look[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [name, look] of looks) {
    const verdict = await look().catch((error: unknown) => bad(error instanceof Error ? error.message : String(error)))
    findings.push({ name, ...verdict })
  }
  return findings
}
