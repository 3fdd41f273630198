import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { unmapAddress } from '@gatehouse/kernel/limits'

/**
 * The caller's address: that of the socket, or, behind `trustedHops` proxies of the operator, the entry that the
 * outermost of them appended to `X-Forwarded-For`. Entries left of it are under the caller's control, and so is
 * `Forwarded`: a proxy that writes the one header passes the other unchanged.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const socketAddress = unmapAddress(request.socket.remoteAddress ?? '')
  if (trustedHops === 0) return socketAddress
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return toAddress(forwarded.at(-trustedHops)?.trim() ?? '') ?? socketAddress
}

/**
 * Parses an entry, to which some proxies add the client's port, and then brackets around an IPv6 address; undefined
 * when it is no address.
 */
function toAddress(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? []
  const address = unmapAddress(bracketed ?? dotted ?? entry)
  return isIP(address) === 0 ? undefined : address
}
