export type Regime = 'low' | 'normal' | 'high'

/** How a regime stands in a column of many bars. */
export const regimeCodes = { low: 0, normal: 1, high: 2 } as const satisfies Readonly<Record<Regime, number>>
export const regimesByCode = ['low', 'normal', 'high'] as const satisfies readonly Regime[]
