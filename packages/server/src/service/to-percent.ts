/** A share as screens show it in both languages, here with one decimal: `79.4%`. */
export function toPercent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}
