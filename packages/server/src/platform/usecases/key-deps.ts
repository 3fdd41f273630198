import type { KeyDeps } from '@gatehouse/kernel/keys'
import type { Scope } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { expandScopes } from '../domain/expand-scopes.ts'
import { problems } from '../problems.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'

export type KeyUseDeps = Pick<
  PlatformDeps,
  'db' | 'audit' | 'clock' | 'digests' | 'services' | 'furnishOrg'
> &
  Partial<Pick<PlatformDeps, 'forget'>>

export function toKeyDeps({ db, audit, clock, digests, services, forget }: KeyUseDeps): KeyDeps {
  const shapes = Object.fromEntries([...services].map(([name, { keyShape }]) => [name, keyShape]))
  return {
    db,
    audit,
    clock,
    digests,
    shapes,
    forget,
    announce: (tx, event, { id, service, prefix, name, scopes }, atMs) =>
      publishPlatformEvent(
        tx,
        event,
        {
          key_id: id,
          service,
          key_prefix: prefix,
          name,
          scopes: [...scopes],
          prefix,
          at: new Date(atMs).toISOString(),
        },
        atMs,
      ),
  }
}

/** Expands the requested scopes; an error names the service or the scopes that do not exist. */
export function parseScopes(
  { services }: KeyUseDeps,
  service: string,
  wanted: readonly string[] | undefined,
): readonly Scope[] {
  const keyed = services.get(service)
  if (keyed === undefined) {
    const message = `must be one of ${[...services.keys()].join(', ')}`
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'service', message }] })
  }
  const { scopes: offered, defaultScopes } = keyed
  const verdict = expandScopes(wanted ?? defaultScopes, offered)
  if (verdict.known) return verdict.scopes
  const message = `${verdict.unknown.join(', ')} is not a scope of ${service}; it has read, write, ${offered.join(', ')}`
  throw problems.VALIDATION_ERROR({ fields: [{ field: 'scopes', message }] })
}
