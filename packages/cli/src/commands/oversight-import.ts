import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { GatehouseProblem } from '@gatehouse/sdk'
import { exitCodes, type Command } from '../command.ts'
import { parseMap, readImportLines } from '../import-lines.ts'
import { toProgressText } from '../import-progress.ts'
import { openRemote, remoteOptions } from '../remote.ts'

const linesAtOnce = 5_000
const failuresMax = 8
const pauseMs = { least: 100, most: 20_000 }

export const oversightImport: Command = {
  name: 'oversight import',
  summary: 'Import decisions of the past from CSV or NDJSON',
  description:
    'Each line becomes one decision, in the order of the file; client_ts says when it happened. What was cut off goes on\n' +
    'where it was when the same command is run again. Lines that cannot be counted are written beside the file, as\n' +
    'FILE.rejects.ndjson. Exit code 0 when all were counted, 3 when some were rejected.',
  options: {
    file: { type: 'string', placeholder: 'PATH', about: 'CSV or NDJSON, may be gzipped', required: true },
    map: {
      type: 'string',
      placeholder: 'LIST',
      about: 'Columns that have another name, such as operator_id=user,client_ts=decided_at',
    },
    sort: { type: 'boolean', about: 'Send by client_ts; holds the file in memory' },
    'dry-run': { type: 'boolean', about: 'Judge the lines and keep nothing' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse oversight import --file decisions.csv --map operator_id=user',
    'gatehouse oversight import --file decisions.ndjson.gz --sort --dry-run --json',
  ],
  run: async (values, terminal) => {
    const { out, progress, folder, note } = terminal
    const file = resolve(folder, String(values['file']))
    const map = values['map'] === undefined ? undefined : String(values['map'])
    const columns = parseMap(map)
    const isSorted = values['sort'] === true
    const { imports } = (await openRemote(values, terminal)).oversight
    const about = await toAbout(file, { map, isSorted, isDryRun: values['dry-run'] === true })
    const stateFile = `${file}.import.json`
    const known = await readState(stateFile, about)
    let job =
      known === undefined
        ? (await imports.create({ name: basename(file), on_error: 'skip', dry_run: about.isDryRun })).import
        : (await insist(() => imports.get(known))).import
    if (known === undefined) await writeFile(stateFile, JSON.stringify({ ...about, id: job.import_id }))
    else note(`Going on behind line ${job.lines_committed}\n`)

    const startedMs = Date.now()
    let bytesRead = (): number => 0
    const before = job.lines_committed
    let number = 0
    let chunk: string[] = []
    const send = async (): Promise<void> => {
      while (job.lines_committed < number)
        job = await insist(async (isAgain) => {
          // Lines that were committed before the call was interrupted are not sent again.
          if (isAgain) job = (await imports.get(job.import_id)).import
          if (job.lines_committed >= number) return job
          const from = job.lines_committed + 1
          const text = `${chunk.slice(from - number - 1).join('\n')}\n`
          return (await imports.putLines(job.import_id, from, text)).import
        })
      chunk = []
      const elapsedMs = Math.max(1, Date.now() - startedMs)
      const text = toProgressText({
        lines: job.lines_committed,
        perSecond: Math.round((1_000 * (job.lines_committed - before)) / elapsedMs),
        rejected: job.rejected,
        share: isSorted ? null : bytesRead() / about.size,
        elapsedMs,
      })
      progress(`\r${text} `)
    }
    for await (const line of readImportLines(file, columns, isSorted, (count) => (bytesRead = count))) {
      number += 1
      if (number <= job.lines_committed) continue
      chunk.push(line)
      if (chunk.length === linesAtOnce) await send()
    }
    if (chunk.length > 0) await send()
    progress('\n')
    job = (await insist(() => imports.finish(job.import_id))).import
    if (job.rejected > 0) {
      const rejects = await insist(() => imports.rejects(job.import_id))
      await writeFile(`${file}.rejects.ndjson`, Buffer.from(await rejects.arrayBuffer()))
      note(`${job.rejected} lines were rejected: ${file}.rejects.ndjson\n`)
    }
    // Deleted last, so that an import interrupted before this point is resumed.
    await rm(stateFile)
    out(
      values['json'] === true
        ? `${JSON.stringify(job)}\n`
        : `${job.lines_committed} lines: ${job.counted} counted, ${job.duplicates} there already, ${job.rejected} rejected\n`,
    )
    return job.rejected > 0 ? exitCodes.partly : exitCodes.done
  },
}

/** Repeats an idempotent call after a passing failure; gives up after eight failures in a row. */
async function insist<T>(call: (isAgain: boolean) => Promise<T>): Promise<T> {
  for (let failures = 0; ;)
    try {
      return await call(failures > 0)
    } catch (error) {
      failures += 1
      if (failures > failuresMax || !isPassing(error)) throw error
      await pause(Math.min(pauseMs.least * 2 ** failures, pauseMs.most))
    }
}

/**
 * A failure that a retry can resolve: an unreachable server, a rate limit, or lines of an interrupted call that the
 * server still processes.
 */
function isPassing(error: unknown): boolean {
  if (!(error instanceof GatehouseProblem)) return true
  return error.code === 'IMPORT_POSITION' || error.status === 429 || error.status === 503
}

type About = {
  readonly size: number
  readonly mtimeMs: number
  readonly map: string | null
  readonly isSorted: boolean
  readonly isDryRun: boolean
}

async function toAbout(
  file: string,
  { map, isSorted, isDryRun }: { map: string | undefined; isSorted: boolean; isDryRun: boolean },
): Promise<About> {
  const { size, mtimeMs } = await stat(file)
  return { size, mtimeMs, map: map ?? null, isSorted, isDryRun }
}

/**
 * The id of the import that the same command started for the same file; undefined if there is none. Throws if the
 * file belongs to another import.
 */
async function readState(stateFile: string, about: About): Promise<string | undefined> {
  const text = await readFile(stateFile, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // Safe: this command wrote the file; any other content differs from `about` and is ignored.
  const { id, ...was } = JSON.parse(text) as About & { readonly id: string }
  if (JSON.stringify(was) === JSON.stringify(about)) return id
  throw new Error(
    `${stateFile} is of another import, or the file has changed since: delete it to begin anew. What was counted stays`,
  )
}
