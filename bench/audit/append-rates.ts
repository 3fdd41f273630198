import { type AuditLog, mutate } from '@gatehouse/kernel/audit'
import type { Database } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import { alone, type Measured } from '../figure.ts'
import { median } from '../statistics.ts'
import { fillChains, makeOrgs, scales, toDecision } from './chains.ts'

const writers = 16
const rounds = 5
const roundMs = 1_000
const batchEntries = 16
const appendsPerSecondMin = 3_000
/** What its authors publish for a log in front of a database; it is not run here. */
const published = { perSecond: 2_900, name: "Tessera's published rate" }

type Append = (principal: SystemPrincipal, n: number) => Promise<unknown>

/** Decisions a second of 16 writers, each durable before it counts, behind ever more data. */
export async function measureAppendRates(
  db: Database,
  audit: AuditLog,
  note: (text: string) => void,
): Promise<readonly Measured[]> {
  const one = await makeOrgs(db, 1)
  const many = await makeOrgs(db, writers)
  const mutateOnce: Append = (principal, n) =>
    mutate({ db, audit }, principal, async () => ({ result: undefined, entry: toDecision(n) }))
  const appendBatch: Append = (principal, n) =>
    mutate({ db, audit }, principal, async () => ({
      result: undefined,
      entry: [
        toDecision(n),
        ...Array.from({ length: batchEntries - 1 }, (_, place) => toDecision(n + place + 1)),
      ],
    }))
  const measured: Measured[] = []
  let filled = 0
  for (const { suffix, entries } of scales) {
    note(`audit: appending behind ${entries.toLocaleString('en')} entries`)
    await fillChains(db, audit, one, entries - filled)
    await fillChains(db, audit, many, entries - filled)
    filled = entries
    await appendFor(one, mutateOnce)
    const rates: { readonly one: number; readonly many: number; readonly batches: number }[] = []
    while (rates.length < rounds)
      rates.push({
        many: await appendFor(many, mutateOnce),
        one: await appendFor(one, mutateOnce),
        batches: (await appendFor(one, appendBatch)) * batchEntries,
      })
    const rate = (pick: (round: (typeof rates)[number]) => number): number => median(rates.map(pick))
    measured.push(
      toFigure(
        `audit${suffix}`,
        'appends/s of 16 writers to 16 chains',
        rate(({ many: each }) => each),
      ),
      toFigure(
        `audit-one${suffix}`,
        'appends/s of 16 writers to one chain',
        rate(({ one: each }) => each),
      ),
      toFigure(
        `audit-batch${suffix}`,
        'appends/s to one chain, 16 at once',
        rate(({ batches }) => batches),
      ),
    )
  }
  return measured
}

function toFigure(name: string, unit: string, rate: number): Measured {
  const { figure } = alone({ name, unit, goal: '≥ 3,000' }, rate, rate >= appendsPerSecondMin)
  return { figure: { ...figure, peer: published.perSecond, peerName: published.name } }
}

/** All writers append, each to the next of the chains; returns the calls a second. */
async function appendFor(orgs: readonly SystemPrincipal[], append: Append): Promise<number> {
  const startedMs = performance.now()
  let calls = 0
  const write = async (principal: SystemPrincipal): Promise<void> => {
    while (performance.now() - startedMs < roundMs) {
      await append(principal, calls)
      calls += 1
    }
  }
  const lanes = Array.from({ length: writers / orgs.length }, () => orgs).flat()
  await Promise.all(lanes.map(write))
  return (calls / (performance.now() - startedMs)) * 1_000
}
