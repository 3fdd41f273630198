import { openDatabase } from '@gatehouse/kernel/db'
import { findRunningDatabase } from '../../packages/server/src/local/find-running-database.ts'
import { join } from 'node:path'
import { compare, type Benchmark } from '../figure.ts'
import { startServerProcess } from '../server-process.ts'
import { median, type Pair } from '../statistics.ts'
import { openRowInserter } from './insert-rows.ts'
import { postBatches } from './post-batches.ts'
import { measureProfiles } from './profile-rates.ts'
import { verifyScores } from './verify-scores.ts'

const goalPerSecond = 10_000
const warmUpSeconds = 10
const rounds = 5
const secondsPerRound = 12
const peerSeconds = 5
const inFlight = 16
const peerLanes = 16

/**
 * P12: interactions a second over HTTP in batches of 100, each scored, receipted and in the chain, with limits and the
 * floor as they are; beside the same rows inserted one at a time without any of that. Then the profile.
 */
export const score: Benchmark = async ({ profilePath, note }) => {
  const server = await startServerProcess(new URL('serve-scores.ts', import.meta.url))
  try {
    const { folder = '', ...keys } = server.headers
    const callers = Object.entries(keys).map(([name, key], at) => ({
      name: `${at}-${name.slice(0, 8)}`,
      key,
    }))
    note(`score: warming up for ${warmUpSeconds} s`)
    await postBatches(server.port, callers, { inFlight, seconds: warmUpSeconds, run: 'warm' })
    const url = await findRunningDatabase(join(folder, 'data'))
    if (url === undefined) throw new Error('The database of the server was not found')
    const db = openDatabase({ url, connectionsMax: peerLanes })
    const insertRows = await openRowInserter(db, peerLanes)
    if (profilePath !== undefined) await server.startProfile()
    const pairs: Pair[] = []
    for (let round = 0; round < rounds; round += 1) {
      const before = await server.settle()
      const [cpuBefore, ownBefore] = [await server.cpuMs(), process.cpuUsage()]
      const { answered, refused, seconds } = await postBatches(server.port, callers, {
        inFlight,
        seconds: secondsPerRound,
        run: `round-${round}`,
      })
      const own = process.cpuUsage(ownBefore)
      const ownMs = (own.user + own.system) / 1_000
      const serverMs = (await server.cpuMs()) - cpuBefore
      const committed = ((await server.settle()) ?? 0) - (before ?? 0)
      if (committed !== answered) throw new Error(`${answered} were acknowledged, but ${committed} are there`)
      note(
        `score: ${Math.round(committed / seconds).toLocaleString('en')}/s, ${refused} calls refused by limits; ` +
          `load generator ${Math.round(ownMs / seconds / 10)} % of a core, server ${Math.round(serverMs / seconds / 10)} %`,
      )
      pairs.push({ ours: committed / seconds, peer: await insertRows(peerSeconds) })
    }
    if (profilePath !== undefined) await server.writeProfile(profilePath)
    await db.end()
    const entries = await verifyScores(folder, Object.keys(keys))
    note(`score: all chains verify (${entries.toLocaleString('en')} entries), sums are those of a refold`)
    const medians = {
      ours: median(pairs.map(({ ours }) => ours)),
      peer: median(pairs.map(({ peer }) => peer)),
    }
    const measured = compare(
      {
        name: 'score',
        unit: 'interactions/s over HTTP, committed',
        goal: '≥ 10,000',
        peerName: 'rows inserted one at a time, without a chain',
      },
      pairs,
      medians,
      () => medians.ours >= goalPerSecond,
    )
    return [measured, ...(await measureProfiles(note))]
  } finally {
    await server.stop()
  }
}
