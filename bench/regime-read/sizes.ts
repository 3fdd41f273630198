/** Series that are read: one of a day, and one that is ten times as long. */
export const sizes = [
  { symbol: 'btcusdt', bars: 1_440, path: '/v1/regime/btcusdt', suffix: '' },
  { symbol: 'ethusdt', bars: 14_400, path: '/v1/regime/ethusdt', suffix: '-10x' },
] as const
