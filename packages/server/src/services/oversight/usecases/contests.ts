import { type AuditedTx, type Decision, mutate, type Mutation } from '@gatehouse/kernel/audit'
import { asWriter, type TelemetryTx, type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { KeyPrincipal, MemberPrincipal, Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime } from '../../../service/shapes.ts'
import type { ContestDecisionBody } from '../contract/contests.ts'
import type { contestEvents } from '../contract/contest-events.ts'
import type { ContestBody } from '../contract/own-record.ts'
import type { OversightDeps } from '../deps.ts'
import type { Interaction } from '../domain/interaction.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import * as store from '../store/contest-store.ts'
import { findInteractions, listOfSession, type StoredInteraction } from '../store/interaction-store.ts'
import { findTie } from '../store/people-store.ts'
import type { ContestRemedy } from '../store/tables.ts'
import { assertConsistent } from './change-score.ts'
import { changeLedger, type Remedy } from './change-ledger.ts'
import { findOwnOperator, type OwnCaller } from './own-operator.ts'
import { issueReceipt } from './receipts.ts'
import { replyStart } from './reply-start.ts'
import { toSender } from './sender.ts'
import { tellWebhooks } from './tell-webhooks.ts'
import { toWireContest } from './to-wire-contest.ts'

const dayMs = 86_400_000

/** An operator objects to one of their decisions as recorded; another person has 30 days to decide. */
export async function openContest(
  deps: OversightDeps,
  caller: OwnCaller,
  body: ContestBody,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const contest = await mutate(deps, caller, async (tx) => {
    const { operatorId } = await findOwnOperator(tx, caller)
    const interaction = await findContested(tx, body)
    if (interaction === undefined || interaction.operatorId !== operatorId) throw problems.NOT_FOUND()
    const opened: store.Contest = {
      id: `cst_${newId(nowMs)}`,
      operatorId,
      domain: interaction.domain,
      interactionId: interaction.id,
      sessionId: interaction.sessionId,
      reason: body.reason,
      statement: body.statement,
      state: 'open',
      openedAtMs: nowMs,
      dueAtMs: nowMs + oversightPolicy.contest.decidedWithinDays * dayMs,
      decidedAtMs: null,
      decidedBy: null,
      remedy: null,
      answer: null,
    }
    if (!(await store.insertContest(tx, opened))) throw problems.CONTEST_OPEN()
    await store.markContestedAlerts(tx, operatorId, opened.domain)
    await tell(tx, 'oversight.contest_opened', opened, nowMs)
    const detail = { interaction_id: `int_${interaction.id}`, reason: body.reason }
    return { result: opened, entry: toEntry('CONTEST_OPENED', opened, detail, nowMs) }
  })
  return { ...replyStart(deps, context), contest: toWireContest(contest) }
}

/** The interaction with that id, or the newest of the session that is still counted. */
async function findContested(tx: TenantTx, body: ContestBody): Promise<StoredInteraction | undefined> {
  const found =
    body.interaction_id === null
      ? await listOfSession(tx, body.session_id ?? '')
      : [...(await findInteractions(tx, [body.interaction_id.slice('int_'.length)])).values()]
  return found.findLast(({ state }) => state !== 'excluded')
}

export async function listContests(
  deps: OversightDeps,
  caller: Principal,
  {
    state,
    limit,
    cursor,
  }: {
    readonly state: store.Contest['state']
    readonly limit: number
    readonly cursor?: string | undefined
  },
  context: RequestContext,
) {
  return within(deps, caller, async (tx) => {
    const afterId = openCursor(deps, 'contests', tx.orgId, cursor)
    const rows = await store.listContests(tx, state, afterId, limit + 1)
    const page = toPage(deps, 'contests', tx.orgId, rows, limit, ({ id }) => id)
    return {
      ...replyStart(deps, context),
      contests: page.entries.map(toWireContest),
      next_cursor: page.nextCursor,
    }
  })
}

/** Decides a contest. Neither the sender of the decision nor its operator may decide it. */
export async function decideContest(
  deps: OversightDeps,
  caller: KeyPrincipal | MemberPrincipal,
  id: string,
  body: ContestDecisionBody,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const decided = await mutate(deps, caller, async (tx) => {
    const contest = await store.lockContest(tx, id)
    if (contest === undefined) throw problems.NOT_FOUND()
    if (contest.state !== 'open' || contest.dueAtMs <= nowMs) throw problems.CONTEST_DECIDED()
    const interaction = await findHeld(tx, contest)
    await assertMayDecide(tx, caller, contest, interaction)
    const remedy = toRemedy(body)
    return settle(tx, caller, interaction, contest, nowMs, {
      state: body.decision,
      decidedAtMs: nowMs,
      decidedBy: toSender(caller),
      remedy,
      answer: body.reason,
    })
  })
  return { ...replyStart(deps, context), contest: toWireContest(decided) }
}

/**
 * Excludes decisions whose contests were not decided within 30 days: a lapsed contest counts in the operator's
 * favour.
 */
export async function lapseContests(
  deps: OversightDeps,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const batchMax = 200
  let lapsed = 0
  while (!signal.aborted) {
    const due = await asWriter(deps, (tx) => store.listDueContests(tx, deps.clock.now(), batchMax))
    for (const { orgId, id } of due) {
      if (signal.aborted) return lapsed
      lapsed += Number(await lapse(deps, orgId, id))
    }
    if (due.length < batchMax) return lapsed
  }
  return lapsed
}

/** Thrown to roll back a transaction whose contest was decided concurrently. */
class Decided extends Error {}

async function lapse(deps: OversightDeps, orgId: string, id: string): Promise<boolean> {
  const principal: Principal = { kind: 'system', orgId, because: 'contest_due' }
  const nowMs = deps.clock.now()
  try {
    await mutate(deps, principal, async (tx) => {
      const contest = await store.lockContest(tx, id)
      if (contest === undefined || contest.state !== 'open') throw new Decided()
      return settle(tx, principal, await findHeld(tx, contest), contest, nowMs, {
        state: 'lapsed',
        decidedAtMs: nowMs,
        decidedBy: toSender(principal),
        remedy: { kind: 'exclude' },
        answer: null,
      })
    })
    return true
  } catch (error) {
    if (error instanceof Decided) return false
    throw error
  }
}

/** The contested interaction while it is kept; an interaction past its retention is no longer counted anywhere. */
async function findHeld(
  tx: TenantTx,
  { interactionId }: store.Contest,
): Promise<StoredInteraction | undefined> {
  const held = (await findInteractions(tx, [interactionId])).get(interactionId)
  return held?.state === 'excluded' ? undefined : held
}

async function settle(
  tx: AuditedTx,
  principal: Principal,
  interaction: StoredInteraction | undefined,
  contest: store.Contest,
  nowMs: number,
  decision: store.ContestDecision,
): Promise<Mutation<store.Contest>> {
  const decided: store.Contest = { ...contest, ...decision }
  await store.setContestDecided(tx, contest.id, decision)
  await store.markContestedAlerts(tx, contest.operatorId, contest.domain)
  await tell(tx, 'oversight.contest_decided', decided, nowMs)
  const detail = { state: decision.state, remedy: decision.remedy?.kind ?? null }
  const entry = toEntry('CONTEST_DECIDED', decided, detail, nowMs)
  const changed =
    decision.remedy === null || interaction === undefined
      ? undefined
      : await changeLedger(tx, principal, interaction, toChangeOf(decision.remedy), nowMs)
  return {
    entry: changed === undefined ? ([entry] as const) : ([changed.entry, entry] as const),
    conclude: async ([link]) => {
      if (changed !== undefined) await issueReceipt(tx, changed, link)
      return decided
    },
  }
}

function toChangeOf(remedy: ContestRemedy): (inputs: Interaction) => Remedy {
  return (inputs) => (remedy.kind === 'exclude' ? remedy : correct(inputs, remedy))
}

function correct(inputs: Interaction, remedy: Extract<ContestRemedy, { readonly kind: 'correct' }>): Remedy {
  const outcomeCorrect = remedy.outcomeCorrect ?? inputs.outcomeCorrect
  const aiCorrect = remedy.aiCorrect ?? inputs.aiCorrect
  if (outcomeCorrect !== null) assertConsistent({ ...inputs, aiCorrect }, outcomeCorrect, aiCorrect)
  return { kind: 'correct', inputs: { ...inputs, outcomeCorrect, aiCorrect } }
}

function toRemedy(body: ContestDecisionBody): ContestRemedy | null {
  if (body.decision === 'rejected') return null
  if (body.correct === null) return { kind: 'exclude' }
  return {
    kind: 'correct',
    outcomeCorrect: body.correct.outcome_correct,
    aiCorrect: body.correct.ai_correct,
  }
}

async function assertMayDecide(
  tx: TenantTx,
  caller: KeyPrincipal | MemberPrincipal,
  { operatorId }: store.Contest,
  interaction: StoredInteraction | undefined,
): Promise<void> {
  if (interaction?.sentBy === toSender(caller))
    throw problems.CONTEST_NOT_YOURS({ detail: 'Whoever sent a decision does not decide an objection to it' })
  if (caller.kind === 'member' && (await findTie(tx, caller.userId)) === operatorId)
    throw problems.CONTEST_NOT_YOURS({ detail: 'Nobody decides an objection of their own' })
}

async function tell(
  tx: TelemetryTx,
  type: keyof typeof contestEvents,
  { id, state, dueAtMs }: store.Contest,
  nowMs: number,
): Promise<void> {
  await tellWebhooks(tx, type, { contest_id: id, state, due_at: toTime(dueAtMs) }, nowMs)
}

function toEntry(
  action: string,
  { id }: store.Contest,
  detail: NonNullable<Decision['detail']>,
  at: number,
): Decision {
  return { action, resourceType: 'contest', resourceId: id, detail, at }
}
