import type { Columns } from '@gatehouse/kernel/db'
import { type Canary, toSecret } from './canary.ts'

const at = '2026-06-01T12:00:00.000Z'

/** A row with the canary's word in every column that can hold it; `given` is what a column does not take a word for. */
export function toCanaryRow(
  columns: Columns,
  canary: Canary,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { orgId: org_id, word } = canary
  const samples = {
    text: word,
    texts: [word],
    json: { word },
    flag: true,
    number: 1,
    instant: at,
  } as const
  const row = Object.values(columns).map(({ name, codec, shown }) => {
    const sample = shown === 'sealed' ? toSecret(canary) : samples[codec.holds]
    return [name, codec.isNullable && codec.holds !== 'text' ? null : sample] as const
  })
  return { org_id, ...Object.fromEntries(row), ...given }
}
