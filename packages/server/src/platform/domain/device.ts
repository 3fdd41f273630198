/** What a log-in came from, as coarse as it must be to stay the same from day to day. */
export type Device = {
  readonly browser: string
  readonly system: string
  /** The block of addresses: a /24 of IPv4 or a /48 of IPv6, as a provider hands them out. */
  readonly network: string
}
