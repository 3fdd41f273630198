export {
  instanceOrgId,
  isRoleAtLeast,
  isScopeGranted,
  type KeyPrincipal,
  type MemberPrincipal,
  type Principal,
  type Role,
  type Scope,
  type SystemPrincipal,
} from './principal.ts'
