import { mutate } from '@gatehouse/kernel/audit'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import {
  type RunbookFound,
  type RunbookId,
  type RunbookRecord,
  writeRunbookRecord,
} from '../../operations/runbook-records.ts'
import { runbooks } from './index.ts'
import { type Person, type RunbookContext, type Step, Unproven } from './runbook.ts'

type StepRecord = RunbookRecord['steps'][number]

export type RunbookTeller = {
  readonly begins: (step: Step, index: number, count: number) => void | Promise<void>
  readonly ended: (step: StepRecord) => void
}

export type RunbookRun = { readonly record: RunbookRecord; readonly file: string }

/**
 * Takes the steps in order, and times, audits and reports each; when a rotation fails, the remaining steps are not
 * taken.
 */
export async function runRunbook(
  id: RunbookId,
  context: RunbookContext,
  {
    isDrill,
    dataFolder,
    teller,
  }: { readonly isDrill: boolean; readonly dataFolder: string; readonly teller: RunbookTeller },
): Promise<RunbookRun> {
  const { local } = context
  const runbook = runbooks[id]
  if ('assertFits' in runbook) await runbook.assertFits(context)
  const startedAtMs = local.clock.now()
  const steps: StepRecord[] = []
  await note(context, id, { action: 'runbook.begin', isDrill })
  for (const [index, step] of runbook.steps.entries()) {
    const isStopped = steps.some(({ kind, state }) => kind === 'rotate' && state === 'failed')
    await teller.begins(step, index, runbook.steps.length)
    const taken = isStopped ? left(step) : await take(step, context)
    steps.push(taken)
    teller.ended(taken)
    if (!isStopped)
      await note(context, id, { action: 'runbook.step', step: step.id, state: taken.state, ms: taken.ms })
  }
  const record: RunbookRecord = {
    runbook: id,
    isDrill,
    outcome: outcomeOf(steps),
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(local.clock.now()).toISOString(),
    ownMs: steps.reduce((sum, { ms, waitedMs }) => sum + ms - waitedMs, 0),
    steps,
  }
  await note(context, id, { action: 'runbook.run', isDrill, outcome: record.outcome, ownMs: record.ownMs })
  return { record, file: await writeRunbookRecord(dataFolder, record) }
}

async function take(step: Step, context: RunbookContext): Promise<StepRecord> {
  const { clock } = context.local
  const startedMs = clock.monotonic()
  const { person, waitedMs } = timePerson(context.person, clock.monotonic)
  const ended = (state: StepRecord['state'], because: string | null, found: RunbookFound): StepRecord => ({
    id: step.id,
    kind: step.kind,
    state,
    because,
    ms: Math.round(clock.monotonic() - startedMs),
    waitedMs: Math.round(waitedMs()),
    found,
  })
  try {
    const result = await step.run({ ...context, person })
    return result instanceof Unproven
      ? ended('unproven', result.because, result.found)
      : ended('done', null, result)
  } catch (error) {
    if (context.signal.aborted) throw error
    return ended('failed', error instanceof Error ? error.message : String(error), {})
  }
}

function left({ id, kind }: Step): StepRecord {
  return { id, kind, state: 'left', because: 'a rotation before it failed', ms: 0, waitedMs: 0, found: {} }
}

function outcomeOf(steps: readonly StepRecord[]): RunbookRecord['outcome'] {
  if (steps.some(({ state }) => state === 'failed')) return 'failed'
  return steps.some(({ state }) => state === 'unproven') ? 'partly' : 'done'
}

/** Wraps a person, and measures how long they were waited for. */
function timePerson(person: Person, monotonic: () => number) {
  let waited = 0
  const timed = async <T>(waiting: Promise<T>): Promise<T> => {
    const startedMs = monotonic()
    try {
      return await waiting
    } finally {
      waited += monotonic() - startedMs
    }
  }
  const timedPerson: Person = {
    does: (...asked) => timed(person.does(...asked)),
    tells: (...asked) => timed(person.tells(...asked)),
    waits: (until) => timed(person.waits(until)),
    sees: person.sees,
  }
  return { person: timedPerson, waitedMs: () => waited }
}

type Noted = { readonly action: string; readonly [member: string]: string | number | boolean }

/** Records a step in the instance's own audit chain. */
async function note({ local }: RunbookContext, id: RunbookId, { action, ...detail }: Noted): Promise<void> {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
  await mutate(local, principal, async () => ({
    result: undefined,
    entry: { action, resourceType: 'runbook', resourceId: id, detail, at: local.clock.now() },
  }))
}
