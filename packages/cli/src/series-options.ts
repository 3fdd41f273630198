import type { Option, Values } from './command.ts'

/** Options that select one series of a symbol. */
export const seriesOptions = {
  timeframe: { type: 'string', placeholder: 'NAME', about: '1m, 5m, 15m, 1h, 4h or 1d; unset: 1m' },
  preset: { type: 'string', placeholder: 'NAME', about: 'Unset: balanced' },
} as const satisfies Readonly<Record<string, Option>>

/** The names of these options in the API. */
export const seriesNames = { timeframe: 'timeframe', preset: 'preset' } as const

/** The given options under their API names. */
export function toNamed(
  values: Values,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, name]) => {
      const value = values[option]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

export function toPercent(share: number): string {
  return `${(100 * share).toFixed(2)}%`
}
