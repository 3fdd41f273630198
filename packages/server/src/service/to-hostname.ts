/** The name in a Host header, as names are compared: in lower case, without a port or the dot of the root. */
export function toHostname(host = ''): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
