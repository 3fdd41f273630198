import { mutate } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import type { InputOf, ReplyOf } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { listOwnEvents as listContract, submitFeedback as feedbackContract } from '../contract/own.ts'
import type { VolatilityDeps } from '../deps.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listVisibleTransitions } from '../store/event-store.ts'
import { listEventFacts, putFeedback } from '../store/own-store.ts'
import { assertSymbols, readAllowed } from './allowed-symbols.ts'

const dayMs = 86_400_000

/** The changes that a caller may see, with their deliveries and feedback. */
export async function readOwnEvents(
  deps: Pick<VolatilityDeps, 'board' | 'clock' | 'db'>,
  principal: KeyPrincipal | MemberPrincipal,
  { limit, symbol, timeframe, to }: InputOf<typeof listContract>['query'],
): Promise<ReplyOf<typeof listContract>> {
  const allowed = await readAllowed(deps, principal)
  if (symbol !== undefined) assertSymbols(deps, allowed, [symbol])
  const events = await asGate(deps, (tx) =>
    listVisibleTransitions(tx, {
      orgId: principal.orgId,
      sinceMs: deps.clock.now() - volatilityPolicy.retentionDays.events * dayMs,
      preset: volatilityPolicy.defaultPreset,
      symbols: symbol === undefined ? [...(allowed ?? [])] : [symbol],
      timeframe,
      to,
      limit,
    }),
  )
  const facts = await within(deps, principal, (tx) => listEventFacts(tx, events))
  return {
    count: events.length,
    // Safe: the ingest writes bodies in this form, and the reply is validated by its schema.
    events: events.map(({ seq, body }) => ({
      ...body,
      seq,
      event_id: seq,
      deliveries: facts.get(seq)?.deliveries ?? 0,
      feedback: facts.get(seq)?.feedback ?? null,
    })) as ReplyOfEvents,
  }
}

type ReplyOfEvents = Extract<ReplyOf<typeof listContract>, { readonly count: number }>['events']

/** Stores an organisation's feedback on a change that it may see, or on a symbol. */
export async function submitFeedback(
  deps: Pick<VolatilityDeps, 'audit' | 'board' | 'clock' | 'db'>,
  principal: KeyPrincipal,
  { verdict, event_id: seq, symbol, timeframe, note }: InputOf<typeof feedbackContract>['body'],
): Promise<ReplyOf<typeof feedbackContract>> {
  const nowMs = deps.clock.now()
  const id = `fb_${newId(nowMs)}`
  const allowed = await readAllowed(deps, principal)
  if (symbol !== undefined) assertSymbols(deps, allowed, [symbol])
  const [event] =
    seq === undefined
      ? []
      : await asGate(deps, (tx) =>
          listVisibleTransitions(tx, {
            orgId: principal.orgId,
            sinceMs: 0,
            preset: undefined,
            symbols: [...(allowed ?? [])],
            timeframe: undefined,
            seq,
            limit: 1,
          }),
        )
  if (seq !== undefined && event === undefined) throw problems.event_not_found()
  return mutate(deps, principal, async (tx) => {
    const of = (name: string): string | null => {
      const value = event?.body[name]
      return typeof value === 'string' ? value : null
    }
    const given = {
      id,
      seq: seq ?? null,
      symbol: symbol ?? of('symbol'),
      timeframe: timeframe ?? of('timeframe'),
      verdict,
      note: note ?? null,
      createdAtMs: nowMs,
    }
    await putFeedback(tx, given)
    const reply = {
      id,
      verdict,
      event_id: given.seq,
      symbol: given.symbol,
      timeframe: given.timeframe,
      created_at_ms: nowMs,
    }
    return {
      result: reply,
      entry: { action: 'feedback.submit', resourceId: id, detail: { verdict, seq: given.seq }, at: nowMs },
    }
  })
}
