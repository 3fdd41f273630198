import { mutate } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { KeyPrincipal, Principal } from '@gatehouse/kernel/principal'
import type { VolatilityDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findAllowlist, setAllowedSymbols } from '../store/own-store.ts'
import { findSymbol } from './choose-series.ts'

/** The symbols that a caller may see; null means all. Only keys are restricted. */
export async function findAllowed(tx: TenantTx, principal: Principal): Promise<ReadonlySet<string> | null> {
  if (principal.kind !== 'key') return null
  const { symbols, ceiling } = await findAllowlist(tx, principal.keyId)
  if (ceiling.length === 0) return symbols.length === 0 ? null : new Set(symbols)
  // The ceiling may have been lowered since the key's list was set.
  return new Set(symbols.length === 0 ? ceiling : symbols.filter((symbol) => ceiling.includes(symbol)))
}

export function readAllowed(
  deps: Pick<VolatilityDeps, 'db'>,
  principal: Principal,
): Promise<ReadonlySet<string> | null> {
  return within(deps, principal, (tx) => findAllowed(tx, principal))
}

export type Allowlists = {
  /** Synchronous if the key was looked up within the last second. */
  readonly find: (principal: KeyPrincipal) => ReadonlySet<string> | null | Promise<ReadonlySet<string> | null>
}

/**
 * How long a list is cached, so that a change takes effect within a second on every node, even without a
 * notification.
 */
const knownForMs = 900
const knownMax = 50_000

/** Caches the allowlists of calling keys, to avoid a query per call. */
export function createAllowlists(deps: Pick<VolatilityDeps, 'clock' | 'db'>): Allowlists {
  const known = new Map<string, { readonly untilMs: number; readonly allowed: ReadonlySet<string> | null }>()
  return {
    find: (principal) => {
      const nowMs = deps.clock.monotonic()
      const found = known.get(principal.keyId)
      if (found !== undefined && nowMs < found.untilMs) return found.allowed
      return readAllowed(deps, principal).then((allowed) => {
        if (known.size >= knownMax) known.clear()
        known.set(principal.keyId, { untilMs: nowMs + knownForMs, allowed })
        return allowed
      })
    },
  }
}

/** Refuses a symbol that the key may not see, with the same message whether or not it exists. */
export function assertSymbols(
  deps: Pick<VolatilityDeps, 'board'>,
  allowed: ReadonlySet<string> | null,
  symbols: readonly string[],
): void {
  for (const symbol of symbols) {
    if (allowed !== null && !allowed.has(symbol))
      throw problems.symbol_not_allowed({ detail: `This key may not see ${symbol}` })
    findSymbol(deps, symbol)
  }
}

export async function readAllowlist(
  deps: Pick<VolatilityDeps, 'db'>,
  principal: Principal,
): Promise<{ readonly symbols: string[] }> {
  return { symbols: [...((await readAllowed(deps, principal)) ?? [])] }
}

/**
 * Replaces the calling key's list, within the ceiling that a member has set; an empty list means all of the ceiling.
 */
export async function changeAllowlist(
  deps: Pick<VolatilityDeps, 'audit' | 'board' | 'clock' | 'db'>,
  principal: KeyPrincipal,
  symbols: readonly string[],
): Promise<{ readonly symbols: string[] }> {
  const wanted = [...new Set(symbols)]
  for (const symbol of wanted) findSymbol(deps, symbol)
  const nowMs = deps.clock.now()
  return mutate(deps, principal, async (tx) => {
    const { keyId, ceiling } = await findAllowlist(tx, principal.keyId)
    const above = ceiling.length === 0 ? undefined : wanted.find((symbol) => !ceiling.includes(symbol))
    if (above !== undefined)
      throw problems.VALIDATION_ERROR({
        fields: [
          {
            field: 'symbols',
            message: `must be among those that a member allowed this key; ${above} is not`,
          },
        ],
      })
    await setAllowedSymbols(tx, { keyId, presentedKeyId: principal.keyId }, wanted, nowMs)
    const entry = {
      action: 'key.narrow',
      resourceId: principal.keyId,
      detail: { symbols: wanted },
      at: nowMs,
    }
    return { result: { symbols: wanted.length > 0 ? wanted : [...ceiling] }, entry }
  })
}
