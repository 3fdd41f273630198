import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'

/** The principal of evidence, which belongs to the instance and is recorded in its chain. */
export const asInstance: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'posture' }
