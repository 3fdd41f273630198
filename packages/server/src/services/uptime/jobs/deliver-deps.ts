import type { AuditLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { Reader } from '../../../mail/index.ts'
import type { SendDeps } from './channel-queue.ts'

/** What telling people takes. */
export type DeliverDeps = SendDeps & {
  readonly audit: AuditLog
  readonly clock: Clock
  /** A number in [0, 1) that spreads retries. */
  readonly chance: () => number
  /** The platform knows who owns an org. */
  readonly listOwners: (tx: TenantTx) => Promise<readonly Owner[]>
}

export type Owner = { readonly email: string } & Reader
