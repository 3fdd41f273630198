import type { IncomingMessage } from 'node:http'

/**
 * The caller's address: the socket's, or, behind `trustedHops` proxies of the operator's own, the entry that the
 * outermost of them appended to `X-Forwarded-For`. Entries left of it are the caller's invention.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const socketAddress = unmap(request.socket.remoteAddress ?? '')
  if (trustedHops === 0) return socketAddress
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  const entry = forwarded.at(-trustedHops)?.trim()
  return entry === undefined || entry === '' ? socketAddress : unmap(entry)
}

/** An IPv4 address as itself where the socket gives it inside an IPv6 one. */
export function unmap(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
