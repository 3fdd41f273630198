import { Readable } from 'node:stream'
import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { RawReply, type RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { ImportPage, ImportReply, NewImport } from '../contract/imports.ts'
import type { OversightDeps } from '../deps.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  findImport,
  type ImportJob,
  type ImportReject,
  insertImport,
  listImports as listStored,
  listRejects,
  lockImport,
  setImportClosed,
} from '../store/import-store.ts'
import { assertTakes, commitChunk, type ImportChunk } from './import-chunk.ts'
import { type ImportedLine, parseImportLine, type RejectedLine } from './parse-import-line.ts'
import { readLines } from './read-lines.ts'
import { replyStart } from './reply-start.ts'
import { tellWebhooks } from './tell-webhooks.ts'

const { importLineBytesMax, importChunkLines } = oversightPolicy
const rejectsAtOnce = 1_000
const list = 'oversight-imports'

export async function createImport(
  deps: OversightDeps,
  principal: Principal,
  { name, on_error: onError, dry_run: isDryRun, expected_lines: expectedLines }: NewImport,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const id = newId(nowMs)
  const job = await mutate(deps, principal, async (tx) => ({
    result: await insertImport(tx, { id, name, onError, isDryRun, expectedLines, createdAtMs: nowMs }),
    entry: {
      action: 'IMPORT_CREATED',
      resourceType: 'import',
      resourceId: id,
      detail: { name, on_error: onError, dry_run: isDryRun },
      at: nowMs,
    },
  }))
  return answer(deps, job, context)
}

export async function listImports(
  deps: OversightDeps,
  principal: Principal,
  { limit, cursor }: ImportPage,
  context: RequestContext,
) {
  const { orgId } = principal
  const beforeId = openCursor(deps, list, orgId, cursor)
  const rows = await within(deps, principal, (tx) => listStored(tx, { beforeId, limit: limit + 1 }))
  const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, ({ id }) => id)
  return { ...replyStart(deps, context), imports: entries.map(toReply), next_cursor: nextCursor }
}

export async function getImport(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  context: RequestContext,
) {
  return answer(deps, await readJob(deps, principal, id), context)
}

/**
 * Reads lines from the stream and commits them in chunks, one at a time, while it reads the next. An incomplete chunk is not committed if the stream breaks
 * off; the client resumes after the last committed line.
 */
export async function putLines(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  fromLine: number,
  body: AsyncIterable<Uint8Array>,
  context: RequestContext,
) {
  let job = await readJob(deps, principal, id)
  assertTakes(job, fromLine)
  let underWay = Promise.resolve()
  const commit = async (lines: ImportChunk['lines']): Promise<void> => {
    const chunk = { importId: id, fromLine: job.linesCommitted + 1, lines }
    const committed = await commitChunk(deps, principal, chunk)
    job = committed.job
    if (committed.stoppedAt !== null) throw stop(committed.stoppedAt)
  }
  const commitNext = async (lines: ImportChunk['lines']): Promise<void> => {
    await underWay
    underWay = commit(lines)
    // Its failure is thrown by whoever waits for it next.
    underWay.catch(() => undefined)
  }
  try {
    let lines: (ImportedLine | RejectedLine)[] = []
    for await (const raw of readLines(body, importLineBytesMax)) {
      lines.push(parseImportLine(raw, deps.clock.now()))
      if (lines.length < importChunkLines) continue
      await commitNext(lines)
      lines = []
    }
    if (lines.length > 0) await commitNext(lines)
  } finally {
    await underWay
  }
  return answer(deps, job, context)
}

/** The lines before it are committed; after correcting it, the client resumes with this line. */
function stop({ line, field, message }: ImportReject): Error {
  return problems.VALIDATION_FAILED({
    detail: `Line ${line} cannot be counted; go on with from_line ${line} once it is put right`,
    fields: [{ field: field === null ? `lines[${line}]` : `lines[${line}].${field}`, message }],
  })
}

export async function finishImport(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  context: RequestContext,
) {
  return close(deps, principal, id, 'finished', context)
}

export async function cancelImport(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  context: RequestContext,
) {
  return close(deps, principal, id, 'cancelled', context)
}

/** Thrown to roll back a transaction that has nothing to write. */
class ClosedAlready extends Error {
  readonly job: ImportJob

  constructor(job: ImportJob) {
    super('The import was closed in the same way already')
    this.job = job
  }
}

async function close(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  state: 'finished' | 'cancelled',
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  try {
    const job = await mutate(deps, principal, async (tx) => {
      const before = await lockImport(tx, id)
      if (before === undefined) throw problems.NOT_FOUND()
      if (before.state === state) throw new ClosedAlready(before)
      if (before.state !== 'open') throw problems.IMPORT_CLOSED({ detail: `This import is ${before.state}` })
      const closed = await setImportClosed(tx, id, state, nowMs)
      const { counted, duplicates, rejected } = closed
      if (state === 'finished')
        await tellWebhooks(
          tx,
          'oversight.import_finished',
          { import_id: id, counted, duplicates, rejected },
          nowMs,
        )
      return {
        result: closed,
        entry: {
          action: state === 'finished' ? 'IMPORT_FINISHED' : 'IMPORT_CANCELLED',
          resourceType: 'import',
          resourceId: id,
          detail: { lines: closed.linesCommitted, counted, duplicates, rejected },
          at: nowMs,
        },
      }
    })
    return answer(deps, job, context)
  } catch (error) {
    if (error instanceof ClosedAlready) return answer(deps, error.job, context)
    throw error
  }
}

/** All rejected lines, read in pages while they are sent. */
export async function listImportRejects(
  deps: OversightDeps,
  principal: Principal,
  id: string,
): Promise<RawReply> {
  await readJob(deps, principal, id)
  async function* lines(): AsyncGenerator<string> {
    for (let after = 0; ;) {
      const page = await within(deps, principal, (tx) => listRejects(tx, id, after, rejectsAtOnce))
      for (const reject of page) yield `${JSON.stringify(reject)}\n`
      const last = page.at(-1)
      if (last === undefined || page.length < rejectsAtOnce) return
      after = last.line
    }
  }
  return new RawReply(Readable.from(lines()))
}

async function readJob(deps: OversightDeps, principal: Principal, id: string): Promise<ImportJob> {
  const job = await within(deps, principal, (tx) => findImport(tx, id))
  if (job === undefined) throw problems.NOT_FOUND()
  return job
}

function answer(deps: OversightDeps, job: ImportJob, context: RequestContext) {
  return { ...replyStart(deps, context), import: toReply(job) }
}

function toReply(job: ImportJob): ImportReply {
  const rate = job.busyMs === 0 ? null : (job.linesCommitted * 1_000) / job.busyMs
  const left = job.expectedLines === null ? null : Math.max(0, job.expectedLines - job.linesCommitted)
  return {
    import_id: job.id,
    name: job.name,
    state: job.state,
    on_error: job.onError,
    dry_run: job.isDryRun,
    expected_lines: job.expectedLines,
    lines_committed: job.linesCommitted,
    counted: job.counted,
    duplicates: job.duplicates,
    rejected: job.rejected,
    out_of_order: job.outOfOrder,
    rate_per_s: rate === null ? null : Math.round(rate),
    eta_s: rate === null || rate === 0 || left === null ? null : Math.ceil(left / rate),
    created_at: toTime(job.createdAtMs),
    finished_at: toTimeOrNull(job.finishedAtMs),
  }
}
