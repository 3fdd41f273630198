import { asGate } from '@gatehouse/kernel/db'
import { type InputOf, SocketReply } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { openStream } from '../contract/stream.ts'
import type { VolatilityDeps } from '../deps.ts'
import { regimesByCode } from '../domain/regime-code.ts'
import type { StreamFilter } from '../domain/stream-filter.ts'
import { volatilityPolicy } from '../policy.ts'
import { Problem } from '@gatehouse/kernel/problem'
import { problems } from '../problems.ts'
import { listStaleSymbols } from '../store/market-store.ts'
import { assertSymbols, readAllowed } from './allowed-symbols.ts'
import { type AskedPreset, findAsked } from './choose-preset.ts'
import { type NamedPlan, readPlan } from './read-plan.ts'
import { readRegime } from './read-regime.ts'
import { createStreamHub, type StreamHub } from './stream-hub.ts'

type HubDeps = Pick<VolatilityDeps, 'billing' | 'board' | 'clock' | 'db' | 'histories' | 'log' | 'news'>

/** Creates this node's hub, with the look-ups that its clients need. */
export function createHub(deps: HubDeps): StreamHub {
  return createStreamHub(deps, {
    planOf: (principal) => readPlan(deps, principal),
    listSymbols: async () => namesOf(deps),
    allowedOf: (principal) => readAllowed(deps, principal),
    listStaleSymbols: () => asGate(deps, listStaleSymbols),
    snapshotOf: async ({ symbol, principal, preset, method, timeframe }) => {
      try {
        const chosen = await findAsked(deps, principal, preset, method)
        return (await readRegime(deps, symbol, { timeframe, preset: chosen, venue: undefined })).body
      } catch (error) {
        if (error instanceof Problem) return undefined
        throw error
      }
    },
    findPreset: (principal, name) => findPreset(deps, principal, name),
  })
}

function namesOf({ board }: Pick<HubDeps, 'board'>): readonly string[] {
  return board.symbols.map(({ symbol }) => symbol)
}

/** A built-in preset or one of the organisation's own; undefined if there is none of that name. */
async function findPreset(
  deps: Pick<HubDeps, 'db'>,
  principal: KeyPrincipal,
  name: string,
): Promise<AskedPreset | undefined> {
  try {
    return await findAsked(deps, principal, name, 'published')
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/**
 * Opens a connection for a key or, if none was sent yet, for a client that authenticates within it. `gone` aborts
 * when the client leaves.
 */
export async function openConnection(
  deps: HubDeps & { readonly hub: StreamHub },
  caller: KeyPrincipal | undefined,
  query: InputOf<typeof openStream>['query'],
  gone: AbortSignal,
): Promise<SocketReply> {
  const { hub } = deps
  if (caller === undefined)
    return new SocketReply((connection) => hub.open(connection, { principal: undefined }))
  const plan = await readPlan(deps, caller)
  const allowed = await readAllowed(deps, caller)
  const preset = await findAsked(deps, caller, query.preset ?? volatilityPolicy.defaultPreset, 'published')
  const narrowed = narrow(deps, query, preset, plan, allowed)
  const { connectionsMax } = plan.limits
  const taken = await hub.take(caller.orgId, connectionsMax)
  if (!taken.isTaken)
    throw problems.plan_limit_reached({
      detail: `The plan ${plan.name} allows ${connectionsMax} connections of the stream; ${taken.open} are open`,
    })
  const { seat } = taken
  // Also releases the place if the client leaves before the connection is established.
  gone.addEventListener('abort', seat.release)
  if (gone.aborted) seat.release()
  return new SocketReply((connection) =>
    hub.open(connection, {
      principal: caller,
      plan,
      allowed,
      seat,
      narrowed: connection.protocol === '' ? narrowed : undefined,
    }),
  )
}

/**
 * The default subscription without a subprotocol: every symbol within the plan's limit, unless the query narrows it.
 */
function narrow(
  deps: Pick<HubDeps, 'board'>,
  { symbols, timeframes }: InputOf<typeof openStream>['query'],
  { preset, method }: AskedPreset,
  { limits }: NamedPlan,
  allowed: ReadonlySet<string> | null,
): StreamFilter {
  assertSymbols(deps, allowed, symbols ?? [])
  const chosen =
    timeframes === undefined || timeframes.length === 0 ? [volatilityPolicy.defaultTimeframe] : timeframes
  const symbolsMax = Math.floor(limits.pairsMax / new Set(chosen).size)
  return {
    types: new Set(['regime.transition']),
    symbols: new Set(
      (symbols ?? namesOf(deps).filter((symbol) => allowed?.has(symbol) !== false)).slice(0, symbolsMax),
    ),
    timeframes: new Set(chosen),
    toRegimes: new Set(regimesByCode),
    preset,
    method,
  }
}
