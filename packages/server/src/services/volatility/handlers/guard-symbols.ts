import { type BoundEndpoint, WithHeaders } from '@gatehouse/kernel/endpoint'
import type { VolatilityDeps } from '../deps.ts'
import { leaveOut } from '../domain/leave-out.ts'
import { problems } from '../problems.ts'
import { assertSymbols, createAllowlists } from '../usecases/allowed-symbols.ts'

type Handle = BoundEndpoint['handle']

/** Where a request names symbols, in its path, its query or its body: there also a name that no symbol has is refused. */
const namedIn: ReadonlySet<string> = new Set(['symbol', 'symbols', 'leader', 'follower', 'reference'])

/** What changes the list itself is bounded by its ceiling alone. */
const unguarded: ReadonlySet<string> = new Set(['getSymbolAllowlist', 'setSymbolAllowlist'])

/** What tells of the account or of its subscriptions, in words that people chose: a name there is no symbol. */
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
 * Holds every door against the list of symbols of the key that comes through it; who has no key is not narrowed. Whatever
 * a request or a reply names a symbol as counts, in whichever member: a new one needs no word here.
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
  // Safe: each member is a handler, and is given what it would have been given.
  return Object.fromEntries(
    Object.entries(handlers).map(([id, handle]) => [
      id,
      unguarded.has(id) ? handle : guard(handle as Handle, !ofTheAccount.has(id)),
    ]),
  ) as Handlers
}

/** What a request names as a symbol: in the members that are for that, and in any other where there is one that is hidden. */
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

/** What a key may see of a reply. Bytes that were made before, and files, are of the symbol that the request named. */
function narrow(reply: unknown, isHidden: (name: string) => boolean): unknown {
  if (reply instanceof WithHeaders) return new WithHeaders(narrow(reply.value, isHidden), reply.headers)
  if (!isRecord(reply) || Object.getPrototypeOf(reply) !== Object.prototype) return reply
  const left = leaveOut(reply, isHidden)
  if (left === undefined) throw problems.symbol_not_allowed({ detail: 'This key may not see that symbol' })
  return left
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
