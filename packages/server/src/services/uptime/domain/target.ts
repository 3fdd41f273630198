/** What a monitor looks at. A heartbeat looks at nothing: it is told. */
export type Target =
  | { readonly type: 'http'; readonly url: string }
  | { readonly type: 'tcp'; readonly hostname: string; readonly port: number }
  | { readonly type: 'heartbeat' }

const nameCharactersMax = 100

/** The name of a monitor that was given none, made from its target. */
export function nameTarget(target: Target): string {
  switch (target.type) {
    case 'http': {
      const { host, pathname } = new URL(target.url)
      return cutName(pathname === '/' ? host : `${host}${pathname}`)
    }
    case 'tcp':
      return cutName(toHostPort(target.hostname, target.port))
    case 'heartbeat':
      return 'Heartbeat'
  }
}

/**
 * Whether another target is meant from now on, so that what is known of the old one says nothing (specification 3.4):
 * another host or port. Another path, or another spelling of the same host, is the same target.
 */
export function isTargetChanged(before: Target, after: Target): boolean {
  return toAuthority(before) !== toAuthority(after)
}

function toAuthority(target: Target): string {
  switch (target.type) {
    case 'http': {
      const { hostname, port, protocol } = new URL(target.url)
      return toHostPort(hostname, port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))
    }
    case 'tcp':
      return toHostPort(target.hostname.toLowerCase(), target.port)
    case 'heartbeat':
      return ''
  }
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
