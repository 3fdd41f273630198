import type { ApiKey } from '@gatehouse/sdk'
import { Ago } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { keyWords as says } from '../words/key-words.ts'
import { scopesOf, useKeyServices } from './key-services.ts'
import { tellScope } from './tell-scope.ts'

export function KeyRow({
  apiKey,
  isOwner,
  onEdit,
  onRotate,
  onRevoke,
  onSymbols,
}: {
  readonly apiKey: ApiKey
  readonly isOwner: boolean
  readonly onEdit: () => void
  readonly onRotate: () => void
  readonly onRevoke: () => void
  readonly onSymbols: () => void
}) {
  const offered = scopesOf(useKeyServices(), apiKey.service)
  const isExpired = apiKey.expiresAt !== null && Date.parse(apiKey.expiresAt) <= Date.now()
  return (
    <li>
      <div class="grow">
        <span class="name">{apiKey.name}</span>
        <div class="muted small facts-line">
          <code>{apiKey.keyPrefix}…</code>
          <span title={apiKey.scopes.map(tellScope).join('\n')}>{toAccess(apiKey.scopes, offered)}</span>
          {apiKey.expiresAt === null ? null : (
            <span class={isExpired ? 'bad' : ''}>
              {isExpired ? says.expired : says.expires} <Ago at={apiKey.expiresAt} />
            </span>
          )}
          {apiKey.ipAllow.length === 0 ? null : (
            <span title={apiKey.ipAllow.join(', ')}>{says.addresses(apiKey.ipAllow.length)}</span>
          )}
          {apiKey.rateLimit === null ? null : <span>{says.rate(apiKey.rateLimit)}</span>}
        </div>
      </div>
      <span class="muted small">
        {says.used} <Ago at={apiKey.lastUsedAt} />
      </span>
      {isOwner ? (
        <div class="actions tight">
          <button type="button" class="quiet" aria-label={`${says.edit}: ${apiKey.name}`} onClick={onEdit}>
            {says.edit}
          </button>
          {apiKey.service === 'volatility' ? (
            <button
              type="button"
              class="quiet"
              aria-label={`${says.symbols.open}: ${apiKey.name}`}
              onClick={onSymbols}
            >
              {says.symbols.open}
            </button>
          ) : null}
          <button
            type="button"
            class="quiet"
            aria-label={`${says.rotate}: ${apiKey.name}`}
            onClick={onRotate}
          >
            {says.rotate}
          </button>
          <Confirm
            label={says.revoke}
            thing={apiKey.name}
            question={says.confirmRevoke}
            onConfirm={onRevoke}
          />
        </div>
      ) : null}
    </li>
  )
}

function toAccess(scopes: readonly string[], offered: readonly string[]): string {
  const holds = (wanted: readonly string[]) =>
    wanted.length === scopes.length && wanted.every((scope) => scopes.includes(scope))
  if (offered.length === 0) return says.scopesOf(scopes.length)
  // What `read` and `write` stand for; other scopes are given by their names alone.
  if (holds(offered.filter((scope) => /:(?:read|write)$/.test(scope)))) return says.write
  return holds(offered.filter((scope) => scope.endsWith(':read'))) ? says.read : says.scopesOf(scopes.length)
}
