import type { Choice } from '../controls.tsx'

/** What keys of the uptime service may be let do. */
export const keyScopes: readonly Choice[] = [
  'monitors:read',
  'monitors:write',
  'incidents:read',
  'incidents:write',
  'services:read',
  'services:write',
  'channels:read',
  'channels:write',
  'maintenance:read',
  'maintenance:write',
  'audit:read',
].map((scope) => ({ value: scope, text: scope }))
