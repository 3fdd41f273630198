import { expect, it } from 'vitest'
import { expandScopes, type ScopesVerdict } from './expand-scopes.ts'

const offered = ['audit:read', 'monitors:read', 'monitors:write']

it.each<[promise: string, string[], ScopesVerdict]>([
  [
    'read means every resource of the service',
    ['read'],
    { known: true, scopes: ['audit:read', 'monitors:read'] },
  ],
  ['write takes read along', ['write'], { known: true, scopes: offered as never }],
  ['read and write together repeat nothing', ['read', 'write'], { known: true, scopes: offered as never }],
  ['a scope by its own name is that scope', ['monitors:read'], { known: true, scopes: ['monitors:read'] }],
  ['a scope of another service is named', ['read', 'bars:read'], { known: false, unknown: ['bars:read'] }],
  ['a wildcard is not a scope', ['*'], { known: false, unknown: ['*'] }],
])('%s', (_promise, wanted, verdict) => expect(expandScopes(wanted, offered)).toEqual(verdict))
