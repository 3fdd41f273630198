export {
  instanceOrgId,
  isRoleAtLeast,
  isScopeGranted,
  leastRoleOf,
  type KeyPrincipal,
  type LinkPrincipal,
  type MasterPrincipal,
  type MemberPrincipal,
  type Principal,
  type Role,
  type Scope,
  type SystemPrincipal,
} from './principal.ts'
