/** Closed bars in the order of their open times; the columns are of one length. Prices in the quote currency. */
export type OhlcColumns = {
  readonly openMs: Float64Array
  readonly opens: Float64Array
  readonly highs: Float64Array
  readonly lows: Float64Array
  readonly closes: Float64Array
  readonly volumes: Float64Array
}
