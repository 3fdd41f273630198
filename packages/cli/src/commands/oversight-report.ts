import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Gatehouse } from '@gatehouse/sdk'
import { exitCodes, type Command, UsageError } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'

const forms = ['json', 'html', 'pdf'] as const

export const oversightReport: Command = {
  name: 'oversight report',
  summary: 'Make the compliance report of a period, or fetch one, as JSON, a page or a PDF',
  description:
    'A period that is over has one report, made once: the same bounds give the same bytes. Without bounds it is made of the\n' +
    '90 days up to now. The form follows the ending of the file, else it is JSON on standard output. A file that is there is\n' +
    'kept. Making a report needs a key with reports:write, fetching one or listing them reports:read.',
  options: {
    from: { type: 'string', placeholder: 'DATE', about: 'First day, such as 2026-01-01' },
    to: { type: 'string', placeholder: 'DATE', about: 'Last day, which belongs to the period' },
    new: { type: 'boolean', about: 'A further revision of a period that has a report' },
    id: { type: 'string', placeholder: 'REPORT', about: 'Fetch this one, as it was stored' },
    list: { type: 'boolean', about: 'List the reports that were made, newest first' },
    out: { type: 'string', placeholder: 'FILE', about: 'Where to write it, as .json, .html or .pdf' },
    lang: { type: 'string', placeholder: 'en|ja', about: 'Language of the page; unset: en' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print what was written, or the list, as JSON' },
  },
  examples: [
    'gatehouse oversight report --from 2026-01-01 --to 2026-03-31 --out first-quarter.pdf',
    'gatehouse oversight report --list',
    'gatehouse oversight report --id rep_2026Q1_01KW0000000000000000000000 --out first-quarter.html --lang ja',
  ],
  run: async (values, terminal) => {
    const { out, note, folder } = terminal
    const wish = readWish(values)
    const { compliance } = (await openRemote(values, terminal)).oversight
    if (wish.isList) {
      const reports = await listAll(compliance)
      out(values['json'] === true ? `${JSON.stringify(reports)}\n` : reports.map(toLine).join(''))
      return exitCodes.done
    }
    const id = wish.id ?? (await compliance.report(wish.query)).report.report_id
    const stored = await compliance.stored(id, wish.form, { lang: wish.lang })
    const bytes = Buffer.from(await stored.arrayBuffer())
    if (wish.file === undefined) {
      // Printed byte for byte as stored, because its hash is in the audit chain.
      out(bytes.toString('utf8'))
      return exitCodes.done
    }
    const file = resolve(folder, wish.file)
    await writeNew(file, bytes)
    if (values['json'] === true) out(`${JSON.stringify({ report_id: id, file, bytes: bytes.length })}\n`)
    else note(`${id} is in ${file} (${bytes.length} bytes)\n`)
    return exitCodes.done
  },
}

type Compliance = Gatehouse['oversight']['compliance']
type Query = NonNullable<Parameters<Compliance['report']>[0]>
type Listed = Awaited<ReturnType<Compliance['list']>>['reports'][number]

type Wish = {
  readonly isList: boolean
  readonly id: string | undefined
  readonly query: Query
  readonly file: string | undefined
  readonly form: (typeof forms)[number]
  readonly lang: 'en' | 'ja'
}

/** Parses the options; incompatible ones are refused before anything is created. */
function readWish(values: Parameters<Command['run']>[0]): Wish {
  const { from, to, id, out: file, lang = 'en' } = values
  const [isNew, isList] = [values['new'] === true, values['list'] === true]
  const isOfPeriod = from !== undefined || to !== undefined || isNew
  if ((from === undefined) !== (to === undefined)) throw new UsageError('--from and --to go together')
  if (isNew && from === undefined) throw new UsageError('--new needs --from and --to')
  if (id !== undefined && isOfPeriod) throw new UsageError('--id names a report, and goes without a period')
  if (isList && (isOfPeriod || id !== undefined || file !== undefined))
    throw new UsageError('--list goes alone')
  if (lang !== 'en' && lang !== 'ja') throw new UsageError('--lang must be en or ja')
  const form = file === undefined ? 'json' : forms.find((name) => String(file).endsWith(`.${name}`))
  if (form === undefined) throw new UsageError('--out must end in .json, .html or .pdf')
  if (lang !== 'en' && form === 'json') throw new UsageError('--lang goes with a page or a PDF')
  return {
    isList,
    id: id === undefined ? undefined : String(id),
    query: {
      ...(from === undefined ? {} : { period_start: String(from), period_end: String(to) }),
      ...(isNew ? { revision: 'new' } : {}),
    },
    file: file === undefined ? undefined : String(file),
    form,
    lang,
  }
}

async function listAll(compliance: Compliance): Promise<readonly Listed[]> {
  const reports: Listed[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Compliance['list']>> = await compliance.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    reports.push(...page.reports)
    cursor = page.next_cursor
  } while (cursor !== null)
  return reports
}

function toLine({ report_id: id, period, revision, assessment }: Listed): string {
  const running = period.closed ? '' : ', still running'
  return `${id}  ${period.start} to ${period.end}${running}  revision ${revision}  ${assessment}\n`
}

/** Fails if the file exists, so that stored evidence is never overwritten. */
async function writeNew(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new Error(`${path} is there already, and is kept`, { cause: error })
    throw error
  })
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}
