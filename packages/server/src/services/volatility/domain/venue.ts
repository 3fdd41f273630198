export const venues = ['binance', 'coinbase', 'bybit'] as const
export type Venue = (typeof venues)[number]
