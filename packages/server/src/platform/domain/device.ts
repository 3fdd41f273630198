/** A coarse description of the device of a log-in, so that it stays the same from day to day. */
export type Device = {
  readonly browser: string
  readonly system: string
  /** The block of addresses: a /24 of IPv4 or a /48 of IPv6, the sizes that providers assign. */
  readonly network: string
}
