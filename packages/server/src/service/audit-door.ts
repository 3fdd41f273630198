import type { Scope } from '@gatehouse/kernel/principal'

/** The endpoint at which keys of a service read their org's audit log: its id and path, and the scope that opens it. */
export type AuditDoor = { readonly id: string; readonly path: string; readonly scope: Scope }
