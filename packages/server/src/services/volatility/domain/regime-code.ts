export type Regime = 'low' | 'normal' | 'high'

/** Codes of the regimes in columns. */
export const regimeCodes = { low: 0, normal: 1, high: 2 } as const satisfies Readonly<Record<Regime, number>>
export const regimesByCode = ['low', 'normal', 'high'] as const satisfies readonly Regime[]
