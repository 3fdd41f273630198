import { isIP } from 'node:net'
import { Client } from 'pg'

/** How bytes reach a server: within this machine, under TLS with a certificate that is verified, or open to whoever is on the way. */
export type Transport = 'within this machine' | 'verified' | 'unverified'

/** Whether Node was told to believe any certificate, which no URL can make good again. */
const believesAll = '0'

/** The way to the PostgreSQL of this URL, as the driver will take it (V5). */
export function judgeDatabaseTransport(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  // As the driver understands it: a parameter may name another host, and the environment another mode.
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

/** The way to the Valkey or Redis of this URL. */
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

/** A loopback address, `localhost`, or the folder of a Unix socket. */
function isOwnHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (bare.startsWith('/') || bare.toLowerCase() === 'localhost') return true
  return isIP(bare) === 4 ? bare.startsWith('127.') : bare === '::1'
}
