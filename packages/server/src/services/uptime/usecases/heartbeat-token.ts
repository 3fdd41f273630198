import { createHash } from 'node:crypto'
import type { UptimeDeps } from '../deps.ts'
import type { KeptToken } from '../store/heartbeat-store.ts'

const tokenBytes = 32

/** The digest by which a token is found; the token itself is stored sealed only. */
export function digestToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}

/** 256 random bits as 43 characters of base64url. */
export function newToken({ randomBytes }: Pick<UptimeDeps, 'randomBytes'>): string {
  return randomBytes(tokenBytes).toString('base64url')
}

export function keepHeartbeatToken(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  orgId: string,
  monitorId: string,
  token: string,
): KeptToken {
  return { digest: digestToken(token), sealed: sealer.seal(place(orgId, monitorId), token) }
}

export function openHeartbeatToken(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  orgId: string,
  monitorId: string,
  sealed: string,
): string {
  return sealer.open(place(orgId, monitorId), sealed).reveal()
}

export function toHeartbeatUrl({ publicUrl }: Pick<UptimeDeps, 'publicUrl'>, token: string): string {
  return `${publicUrl()}/ping/${token}`
}

function place(orgId: string, row: string) {
  return { orgId, table: 'uptime.heartbeat', column: 'sealed_token', row }
}
