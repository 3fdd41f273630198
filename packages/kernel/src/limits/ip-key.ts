import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { unmapAddress } from './unmap-address.ts'

/**
 * The key by which limits count an address: IPv4 whole, IPv6 by its /64, because a subscriber has at least that much,
 * and IPv4 mapped into IPv6 as IPv4. All spellings of an address give the same key. Text that is no address shares one
 * key, so that inventing such text gains nothing.
 */
export function ipKey(address: string): string {
  // Calls of one client often follow each other, and each needs its key twice.
  if (address === last.address) return last.key
  last = { address, key: toKey(address) }
  return last.key
}

let last = { address: '', key: 'unknown' }

function toKey(given: string): string {
  const address = unmapAddress(given)
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return 'unknown'
  return `${ipaddr.IPv6.parse(address).parts.slice(0, 4).map(toHex).join(':')}::/64`
}

function toHex(group: number): string {
  return group.toString(16)
}
