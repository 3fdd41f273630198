import { createHmac, timingSafeEqual } from 'node:crypto'
import { uuidPattern } from '@gatehouse/kernel/ids'
import type { DerivedKey } from '../../../service/service-deps.ts'

const purpose = 'gatehouse.paddle-claim.v1'

type DeriveKey = (info: string, version?: number) => DerivedKey | undefined

/** Data sent with a checkout, which later ties the resulting subscription to its organisation. */
export type Claim = { readonly org_id: string; readonly nonce: string; readonly mac: string }

export function makeClaim(deriveKey: DeriveKey, orgId: string, nonce: string): Claim {
  const key = deriveKey(purpose)
  if (key === undefined) throw new Error('There is no master key')
  return { org_id: orgId, nonce, mac: `${key.version}.${macOf(key, orgId, nonce).toString('hex')}` }
}

/** The organisation named by a claim with a valid MAC; undefined for any other data. */
export function readClaim(deriveKey: DeriveKey, data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { org_id: orgId, nonce, mac }: Partial<Record<keyof Claim, unknown>> = data
  if (typeof orgId !== 'string' || typeof nonce !== 'string' || typeof mac !== 'string') return undefined
  const [, version, hex] = /^(\d{1,6})\.([0-9a-f]{64})$/.exec(mac) ?? []
  if (hex === undefined || !uuidPattern.test(orgId)) return undefined
  const key = deriveKey(purpose, Number(version))
  if (key === undefined) return undefined
  return timingSafeEqual(macOf(key, orgId, nonce), Buffer.from(hex, 'hex')) ? orgId : undefined
}

function macOf({ key }: DerivedKey, orgId: string, nonce: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([orgId, nonce]))
    .digest()
}
