import type { Clock } from '@gatehouse/kernel/clock'
import type { Database } from '@gatehouse/kernel/db'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { PostDeps } from '../../../mail/index.ts'
import type { DeliverDeps } from './deliver-deps.ts'

/** The dependencies of the service's mails. */
export type UptimeMailDeps = PostDeps & {
  readonly db: Database
  readonly clock: Clock
  readonly sealer: Sealer
  readonly publicUrl: () => string
  readonly listOwners: DeliverDeps['listOwners']
}
