/**
 * The duration of each phase in whole milliseconds; null where it did not end. An address needs no look-up, plain TCP
 * no handshake.
 */
export type Phases = {
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number
}
