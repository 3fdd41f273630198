import type { AuditLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { Reader } from '../../../mail/index.ts'
import type { SendDeps } from './channel-queue.ts'

/** The dependencies of delivering notifications. */
export type DeliverDeps = SendDeps & {
  readonly audit: AuditLog
  readonly clock: Clock
  /** A random number in [0, 1) for jitter of retries. */
  readonly chance: () => number
  /** Lists the owners of an organisation, which only the platform knows. */
  readonly listOwners: (tx: TenantTx) => Promise<readonly Owner[]>
}

export type Owner = { readonly email: string } & Reader
