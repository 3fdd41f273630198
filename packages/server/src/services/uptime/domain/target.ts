/** A URL, or host and port of a plain connection. */
type Input = string | { readonly hostname: string; readonly port: number }

const nameCharactersMax = 100

/** The default name of a monitor, made from its target; `show` makes a host readable. */
export function nameTarget(input: Input, show: (host: string) => string): string {
  if (typeof input !== 'string') return cutName(show(toHostPort(input.hostname, input.port)))
  const { host, pathname } = new URL(input)
  return cutName(pathname === '/' ? show(host) : `${show(host)}${pathname}`)
}

/**
 * Host and port in normalised form. It identifies a target for politeness limits and for detecting a change of
 * target, after which the history is reset (specification 3.4). Another path, or another spelling of the host, is the
 * same target.
 */
export function toAuthority(input: Input): string {
  const { host, port } = toHostAndPort(input)
  return toHostPort(host, port)
}

/** Whether two inputs are different targets; null is no target. */
export function isTargetChanged(before: Input | null, after: Input | null): boolean {
  if (before === null || after === null) return before !== after
  return toAuthority(before) !== toAuthority(after)
}

/** The host as used for DNS and certificates, and the port to connect to. */
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
