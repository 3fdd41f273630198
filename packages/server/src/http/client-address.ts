import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { unmapAddress } from '@gatehouse/kernel/limits'

/**
 * The caller's address: the socket's, or, behind `trustedHops` proxies of the operator's own, the entry that the
 * outermost of them appended to `X-Forwarded-For`. Entries left of it are the caller's invention, and so is `Forwarded`:
 * a proxy that writes the one header lets the other through as it came.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const socketAddress = unmapAddress(request.socket.remoteAddress ?? '')
  if (trustedHops === 0) return socketAddress
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return toAddress(forwarded.at(-trustedHops)?.trim() ?? '') ?? socketAddress
}

/** Some proxies add the caller's port, and then brackets around an address of IPv6; undefined for what is no address. */
function toAddress(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? []
  const address = unmapAddress(bracketed ?? dotted ?? entry)
  return isIP(address) === 0 ? undefined : address
}
