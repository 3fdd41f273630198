import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import type { Benchmark } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'
import { measureAppendRates } from './append-rates.ts'
import { measureVerifyRates } from './verify-rates.ts'

/** P5: how fast decisions become links of a chain, and how fast chains are judged. */
export const audit: Benchmark = async ({ profilePath, note }) => {
  const database = await startThrowAwayDatabase()
  try {
    const signingKey = { id: 'bench', ...generateKeyPairSync('ed25519') }
    const log = createAuditLog(signingKey)
    return await profiled(profilePath, async () => [
      ...(await measureAppendRates(database.db, log, note)),
      ...(await measureVerifyRates(database, log, signingKey, note)),
    ])
  } finally {
    await database.stop()
  }
}
