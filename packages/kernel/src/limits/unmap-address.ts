import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * The canonical form of an address: without its zone, which names a device of this machine, and an IPv4 address that is
 * mapped into IPv6 (RFC 4291 §2.5.5.2), in whichever spelling, as IPv4. Text that is no address stays as it is.
 */
export function unmapAddress(address: string): string {
  const [plain = ''] = address.split('%', 1)
  // Each spelling of a mapped address contains this group; other addresses skip the parser, since every request comes
  // here.
  if (!/ffff:/i.test(plain) || !isIPv6(plain)) return plain
  const parsed = ipaddr.IPv6.parse(plain)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : plain
}
