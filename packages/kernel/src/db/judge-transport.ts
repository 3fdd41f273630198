import { isIP } from 'node:net'
import { Client } from 'pg'

/**
 * How the connection to a server is protected: it stays within this machine, uses TLS with a verified certificate, or
 * can be read on the way.
 */
export type Transport = 'within this machine' | 'verified' | 'unverified'

/** The value of NODE_TLS_REJECT_UNAUTHORIZED with which Node accepts any certificate, whatever a URL says. */
const believesAll = '0'

/** How the connection of a PostgreSQL URL is protected, as the driver interprets the URL (V5). */
export function judgeDatabaseTransport(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  // Parsed by the driver, because a parameter may name another host, and the environment another TLS mode.
  const { host, ssl }: { readonly host: string; readonly ssl: unknown } = new Client({
    connectionString: url,
  })
  if (isOwnHost(host)) return 'within this machine'
  const isAsked = new URL(url).searchParams.getAll('sslmode').join() === 'verify-full'
  const isVerified =
    typeof ssl === 'object' &&
    ssl !== null &&
    !('rejectUnauthorized' in ssl && ssl.rejectUnauthorized === false) &&
    !('checkServerIdentity' in ssl)
  return isAsked && isVerified && env['NODE_TLS_REJECT_UNAUTHORIZED'] !== believesAll
    ? 'verified'
    : 'unverified'
}

/** How the connection of a Valkey or Redis URL is protected. */
export function judgeValkeyTransport(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  const { protocol, hostname } = new URL(url)
  if (isOwnHost(hostname)) return 'within this machine'
  return protocol === 'rediss:' && env['NODE_TLS_REJECT_UNAUTHORIZED'] !== believesAll
    ? 'verified'
    : 'unverified'
}

/** Whether a host is a loopback address, `localhost`, or the folder of a Unix socket. */
function isOwnHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (bare.startsWith('/') || bare.toLowerCase() === 'localhost') return true
  return isIP(bare) === 4 ? bare.startsWith('127.') : bare === '::1'
}
