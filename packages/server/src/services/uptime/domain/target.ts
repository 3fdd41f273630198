/** A URL, or the host and port of a bare connection. */
type Input = string | { readonly hostname: string; readonly port: number }

const nameCharactersMax = 100

/** The name of a monitor that was given none, made from its target; `show` makes a host readable. */
export function nameTarget(input: Input, show: (host: string) => string): string {
  if (typeof input !== 'string') return cutName(show(toHostPort(input.hostname, input.port)))
  const { host, pathname } = new URL(input)
  return cutName(pathname === '/' ? show(host) : `${show(host)}${pathname}`)
}

/**
 * Host and port in one spelling: what politeness counts by, and what makes a target another one, so that what is known
 * of the old one says nothing (specification 3.4). Another path, or another spelling of the host, is the same target.
 */
export function toAuthority(input: Input): string {
  const { host, port } = toHostAndPort(input)
  return toHostPort(host, port)
}

/** Whether two watches mean different targets; null is none. */
export function isTargetChanged(before: Input | null, after: Input | null): boolean {
  if (before === null || after === null) return before !== after
  return toAuthority(before) !== toAuthority(after)
}

/** The host as a name server or a certificate knows it, and the port that is dialled. */
export function toHostAndPort(input: Input): { readonly host: string; readonly port: number } {
  if (typeof input !== 'string') return { host: input.hostname.toLowerCase(), port: input.port }
  const { hostname, port, protocol } = new URL(input)
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}

function toHostPort(hostname: string, port: number): string {
  const isBareAddress = hostname.includes(':') && !hostname.startsWith('[')
  return isBareAddress ? `[${hostname}]:${port}` : `${hostname}:${port}`
}

function cutName(name: string): string {
  const characters = [...name]
  return characters.length <= nameCharactersMax
    ? name
    : `${characters.slice(0, nameCharactersMax - 1).join('')}…`
}
