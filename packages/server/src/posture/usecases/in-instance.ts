import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'

/** Evidence is of the instance, whose own chain tells of it. */
export const asInstance: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'posture' }
