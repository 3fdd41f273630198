import { type BoundEndpoint, WithHeaders } from '@gatehouse/kernel/endpoint'
import type { VolatilityDeps } from '../deps.ts'
import { leaveOut } from '../domain/leave-out.ts'
import { problems } from '../problems.ts'
import { assertSymbols, createAllowlists } from '../usecases/allowed-symbols.ts'

type Handle = BoundEndpoint['handle']

/** Names of members that hold symbols, in path, query or body; there even an unknown symbol is refused. */
const namedIn: ReadonlySet<string> = new Set(['symbol', 'symbols', 'leader', 'follower', 'reference'])

/** Operations that change the allowlist itself are limited only by its ceiling. */
const unguarded: ReadonlySet<string> = new Set(['getSymbolAllowlist', 'setSymbolAllowlist'])

/** Operations about the account or its subscriptions contain names chosen by users, which are not symbols. */
const ofTheAccount: ReadonlySet<string> = new Set([
  'createPreset',
  'deleteCustomPreset',
  'deletePreset',
  'createRegimeWebhook',
  'enableRegimeWebhook',
  'getMyBilling',
  'getMyUsage',
  'getOwnAccount',
  'getPreset',
  'getRegimeWebhook',
  'listCustomPresets',
  'listPresets',
  'listRegimeWebhooks',
  'replacePreset',
  'rotateVolatilityKey',
  'submitRegimeFeedback',
  'updateRegimeWebhook',
  'upsertCustomPreset',
])

/**
 * Restricts every handler to the symbols that the calling key may see; callers without a key are not restricted. All
 * members of requests and replies are checked by value, so new members need no registration here.
 */
export function guardSymbols<Handlers extends object>(
  deps: Pick<VolatilityDeps, 'board' | 'clock' | 'db'>,
  handlers: Handlers,
): Handlers {
  const allowlists = createAllowlists(deps)
  const guard =
    (handle: Handle, isMarket: boolean): Handle =>
    (caller, input, context) => {
      if (caller.kind !== 'key') return handle(caller, input, context)
      const go = (allowed: ReadonlySet<string> | null): unknown => {
        if (allowed === null) return handle(caller, input, context)
        const isHidden = (name: string): boolean =>
          !allowed.has(name) && deps.board.findCarried(name) !== undefined
        assertSymbols(deps, allowed, listNamed(input, isHidden))
        const reply = handle(caller, input, context)
        if (!isMarket) return reply
        return reply instanceof Promise
          ? reply.then((value: unknown) => narrow(value, isHidden))
          : narrow(reply, isHidden)
      }
      const found = allowlists.find(caller)
      return found instanceof Promise ? found.then(go) : go(found)
    }
  // Safe: each member is a handler, and receives its own arguments unchanged.
  return Object.fromEntries(
    Object.entries(handlers).map(([id, handle]) => [
      id,
      unguarded.has(id) ? handle : guard(handle as Handle, !ofTheAccount.has(id)),
    ]),
  ) as Handlers
}

/** The symbols that a request names: every value of the members for symbols, and hidden symbols in any other member. */
function listNamed(input: unknown, isHidden: (name: string) => boolean): readonly string[] {
  const texts = (value: unknown, member: string): readonly string[] => {
    if (typeof value === 'string') {
      const isNamed = namedIn.has(member) ? value !== '*' : isHidden(value.toLowerCase())
      return isNamed ? [value] : []
    }
    if (Array.isArray(value)) return value.flatMap((one: unknown) => texts(one, member))
    if (!isRecord(value)) return []
    return Object.entries(value).flatMap(([name, one]) => texts(one, name))
  }
  return texts(input, '')
}

/**
 * The part of a reply that a key may see. Prepared bytes and files are about the requested symbol only, so they are
 * not filtered.
 */
function narrow(reply: unknown, isHidden: (name: string) => boolean): unknown {
  if (reply instanceof WithHeaders) return new WithHeaders(narrow(reply.value, isHidden), reply.headers)
  if (!isRecord(reply) || Object.getPrototypeOf(reply) !== Object.prototype) return reply
  const left = leaveOut(reply, isHidden)
  if (left === undefined) throw problems.symbol_not_allowed({ detail: 'This key cannot access the symbol' })
  return left
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
