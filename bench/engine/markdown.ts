/** A table; all columns but the first are aligned to the right. */
export function markdownTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = line(head.map((_, i) => (i === 0 ? '---' : '---:')))
  return [`### ${title}`, '', line(head), rule, ...rows.map(line), ''].join('\n')
}

export const count = (value: number): string => Math.round(value).toLocaleString('en')
export const times = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ×`
export const percent = (share: number): string => `${Math.round(share * 100)} %`
export const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 1)} ms`
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
