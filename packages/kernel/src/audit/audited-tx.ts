import type { TelemetryTx } from '../db/index.ts'

declare const audited: unique symbol

/** A transaction that cannot commit without its audit entry. Only `mutate` and `decideAsSystem` make one. */
export type AuditedTx = TelemetryTx & { readonly [audited]: true }
