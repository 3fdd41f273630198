import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type AuditLog,
  type ChainEntry,
  type Checkpoint,
  createChainJudge,
  exportChain,
  exportCheckpoints,
  type SigningKey,
  verifierFile,
} from '@gatehouse/kernel/audit'
import { recordTelemetry } from '@gatehouse/kernel/db'
import { alone, type Measured } from '../figure.ts'
import { median } from '../statistics.ts'
import type { ThrowAwayDatabase } from '../throw-away-database.ts'
import { fillChains, makeOrgs, scales } from './chains.ts'

const roundsMax = 5
/** Signatures of a long chain take a while: one round of them is as good as five. */
const measuredMs = 3_000
const linksPerSecondMin = 200_000

type Chain = { readonly checkpoints: readonly Checkpoint[]; readonly entries: readonly ChainEntry[] }

/** Entries a second that one core judges: by their links, by every signature, and as the file that stands alone. */
export async function measureVerifyRates(
  { db, folder }: ThrowAwayDatabase,
  audit: AuditLog,
  { id, publicKey }: SigningKey,
  note: (text: string) => void,
): Promise<readonly Measured[]> {
  const keysFile = join(folder, 'keys.json')
  const exportFile = join(folder, 'export.ndjson')
  const { x } = publicKey.export({ format: 'jwk' })
  await writeFile(keysFile, JSON.stringify({ keys: [{ key_id: id, public_key: x }] }))
  const orgs = await makeOrgs(db, 1)
  const [principal] = orgs
  if (principal === undefined) throw new Error('There is no chain to verify')
  const measured: Measured[] = []
  let filled = 0
  for (const { suffix, entries } of scales) {
    note(`audit: verifying ${entries.toLocaleString('en')} entries`)
    await fillChains(db, audit, orgs, entries - filled)
    filled = entries
    await recordTelemetry({ db }, principal, (tx) => audit.checkpoint(tx, Date.now()))
    const chain: Chain = {
      checkpoints: await Array.fromAsync(exportCheckpoints({ db }, principal, entries)),
      entries: await Array.fromAsync(exportChain({ db }, principal, entries)),
    }
    await writeFile(exportFile, toLines(chain))
    const judge = (withSignatures: boolean) => async (): Promise<void> => {
      const chainJudge = createChainJudge(new Map([[id, publicKey]]), { withSignatures })
      chain.checkpoints.forEach(chainJudge.takeCheckpoint)
      chain.entries.forEach(chainJudge.takeEntry)
      if (!chainJudge.finish().intact) throw new Error('The chain that was measured is not intact')
    }
    const runFile =
      (...flags: string[]) =>
      async (): Promise<void> => {
        const args = [fileURLToPath(verifierFile), exportFile, keysFile, ...flags]
        await promisify(execFile)(process.execPath, args)
      }
    const links = await ratePerSecond(entries, judge(false))
    measured.push(
      alone(
        { name: `audit-links${suffix}`, unit: 'entries/s by links and checkpoints', goal: '≥ 200,000' },
        links,
        links >= linksPerSecondMin,
      ),
      beside(
        `audit-signed${suffix}`,
        'entries/s by every signature',
        await ratePerSecond(entries, judge(true)),
      ),
      beside(
        `audit-file${suffix}`,
        'entries/s by links, as a process of its own',
        await ratePerSecond(entries, runFile('--links-only')),
      ),
      beside(
        `audit-file-all${suffix}`,
        'entries/s by every signature, as a process of its own',
        await ratePerSecond(entries, runFile()),
      ),
    )
  }
  return measured
}

/** The median over a few rounds, fewer of them where one takes long. */
async function ratePerSecond(entries: number, verify: () => Promise<void>): Promise<number> {
  const rates: number[] = []
  let spentMs = 0
  while (rates.length < roundsMax && spentMs < measuredMs) {
    const startedMs = performance.now()
    await verify()
    const tookMs = performance.now() - startedMs
    rates.push((entries / tookMs) * 1_000)
    spentMs += tookMs
  }
  return median(rates)
}

function beside(name: string, unit: string, rate: number): Measured {
  return { figure: { ...alone({ name, unit, goal: '–' }, rate, true).figure, met: null } }
}

function toLines({ checkpoints, entries }: Chain): string {
  const lines = [...checkpoints.map((checkpoint) => ({ kind: 'checkpoint', ...checkpoint })), ...entries]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
