import ipaddr from 'ipaddr.js'

/** What a limit counts an address by: IPv4 whole, IPv6 by its /64, a v4-mapped address as the IPv4 it is. */
export function ipKey(address: string): string {
  if (!address.includes(':')) return address
  if (!ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return `${parsed.parts.slice(0, 4).map((part) => part.toString(16)).join(':')}::/64`
}
