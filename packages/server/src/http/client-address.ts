import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * The caller's address: the socket's, or, behind `trustedHops` proxies of the operator's own, the entry that the
 * outermost of them appended to `X-Forwarded-For`. Entries left of it are the caller's invention, and so is `Forwarded`:
 * a proxy that writes the one header lets the other through as it came.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const socketAddress = unmap(request.socket.remoteAddress ?? '')
  if (trustedHops === 0) return socketAddress
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return toAddress(forwarded.at(-trustedHops)?.trim() ?? '') ?? socketAddress
}

/** Some proxies add the caller's port, and then brackets around an address of IPv6; undefined for what is no address. */
function toAddress(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? []
  const address = unmap(bracketed ?? dotted ?? entry)
  return isIP(address) === 0 ? undefined : address
}

/** An IPv4 address as itself where the socket gives it inside an IPv6 one; no zone, which names a device of ours. */
export function unmap(address: string): string {
  const [plain = ''] = address.split('%', 1)
  return /^::ffff:/i.test(plain) && plain.includes('.') ? plain.slice(7) : plain
}
