import type { RunbookId, RunbookRun } from '@gatehouse/server/local'
import { type Command, exitCodes, type Terminal, UsageError, type Values } from '../command.ts'
import { createPersonAtTerminal } from '../person-at-terminal.ts'
import { readMoment } from '../read-moment.ts'

/** The kinds of secrets that a runbook exists for, most serious first. */
const secrets = {
  'paddle-api-key': 'the key of the payment provider',
  'paddle-webhook-secret': 'the secret of payment events',
  'database-url': 'the password of the database',
  'deploy-token': "the host's deploy token",
  'metrics-token': 'the token of /metrics',
  'sentry-dsn': 'the DSN of Sentry',
  'exchange-keys': 'keys of exchanges, of which none is held',
  'customer-keys': "customers' API keys, whose digests leaked",
  'jwt-key': 'the key of access tokens',
  pepper: 'the pepper of API keys',
  'master-key': 'the key that seals stored secrets',
  'signing-key': 'the key that signs audit entries and webhooks',
  'webhook-secret': 'the secret of one webhook endpoint',
} as const satisfies Record<RunbookId, string>

const dayMs = 86_400_000
const overlapMs = 600_000

export const runbookList: Command = {
  name: 'runbook list',
  summary: 'List what to do when a secret may be in the wrong hands, and when each was last done',
  description:
    'The gravest first. Each rotates first and investigates second. DRILLED and RUN say when, and how it ended.',
  options: { json: { type: 'boolean', about: 'Print JSON, with the steps and the records' } },
  examples: ['gatehouse runbook list', 'gatehouse runbook list --json'],
  run: async ({ json }, { env, folder, out }) => {
    const { listRunbooks } = await import('@gatehouse/server/local')
    const listed = await listRunbooks({ env, folder })
    if (json === true) out(`${JSON.stringify(listed)}\n`)
    else {
      out('ID\tSECRET\tPERSON\tDRILLED\tRUN\n')
      for (const { id, title, needsPerson, last, lastDrill } of listed)
        out(`${[id, title, needsPerson ? 'needed' : '–', toWhen(lastDrill), toWhen(last)].join('\t')}\n`)
    }
    return exitCodes.done
  },
}

type Ended = RunbookRun['record']

function toWhen(record: Ended | null): string {
  return record === null ? 'never' : `${record.startedAt} ${record.outcome}`
}

const own: Partial<Record<RunbookId, Command['options']>> = {
  'customer-keys': {
    'revoke-after-hours': {
      type: 'string',
      placeholder: 'N',
      about: 'Revoke keys that nobody replaced so many hours after their owners were asked',
    },
  },
  'deploy-token': {
    'token-url': {
      type: 'string',
      placeholder: 'URL',
      about: 'An address of the host that answers 2xx to a good token alone; both are tried on it',
    },
  },
  'webhook-secret': {
    webhook: { type: 'string', placeholder: 'ID', about: 'The endpoint whose secret is exposed: whe_…' },
  },
}

const outcomes = { done: exitCodes.done, partly: exitCodes.partly, failed: exitCodes.failed } as const

// Safe: the names are the keys of this object.
const ids = Object.keys(secrets) as RunbookId[]

export const runbookRuns: readonly Command[] = ids.map((id) => ({
  name: `runbook run ${id}`,
  summary: `Rotate ${secrets[id]}, then look what was done with it`,
  description:
    "On the server's own machine, with the server's settings; works while the server runs. Does what it can itself, and stops\n" +
    'with instructions for what only a person can do. Secrets are read from standard input, a line each. The record is kept\n' +
    'in the folder runbooks of the data folder. Exit code 3: done, but not all of it could be observed, or something is left.',
  options: {
    drill: { type: 'boolean', about: 'Do all of it on throw-away secrets of a throw-away instance' },
    since: {
      type: 'string',
      placeholder: 'TIME',
      about: 'Since when it may have been exposed, in UTC; unset: a day ago',
    },
    'no-input': { type: 'boolean', about: 'Refuse where a person is needed, instead of asking' },
    json: { type: 'boolean', about: 'Print the record as JSON' },
    ...own[id],
  },
  examples: [`gatehouse runbook run ${id}`, `gatehouse runbook run ${id} --drill --json`],
  run: (values, terminal) => run(id, values, terminal),
}))

async function run(id: RunbookId, values: Values, terminal: Terminal): Promise<number> {
  const { env, folder, note, out, progress } = terminal
  const { drillLocalRunbook, needsPerson, runLocalRunbook } = await import('@gatehouse/server/local')
  const isDrill = values['drill'] === true
  if (values['no-input'] === true && !isDrill && needsPerson(id))
    throw new UsageError(`${id} needs a person: run it without --no-input`)
  const sinceMs =
    values['since'] === undefined ? Date.now() - dayMs : readMoment('since', String(values['since']))
  const signal = terminal.interruption()
  const person = createPersonAtTerminal(terminal, signal)
  const teller = {
    begins: ({ kind, says }: { kind: string; says: string }, index: number, count: number) =>
      note(`${index + 1}/${count} ${kind}: ${says}\n`),
    ended: ({ state, because, ms, found }: Ended['steps'][number]) =>
      note(
        `    ${state} in ${(ms / 1_000).toFixed(1)} s${because === null ? '' : `: ${because}`}\n${toLines(found)}`,
      ),
  }
  try {
    const options = { env, folder, progress }
    const { record, file } = await (isDrill
      ? drillLocalRunbook(options, { id, teller, signal })
      : runLocalRunbook(options, {
          id,
          teller,
          signal,
          person,
          options: {
            sinceMs,
            overlapMs,
            webhook: toText(values['webhook']),
            tokenUrl: toUrl(values['token-url']),
            revokeAfterHours: toHours(values['revoke-after-hours']),
          },
        }))
    if (values['json'] === true) out(`${JSON.stringify(record)}\n`)
    else out(`${[id, record.outcome, `${(record.ownMs / 1_000).toFixed(1)} s`, file].join('\t')}\n`)
    return outcomes[record.outcome]
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted
    throw error
  } finally {
    person.leaves()
  }
}

function toLines(found: Ended['steps'][number]['found']): string {
  return Object.entries(found)
    .map(
      ([name, value]) =>
        `    ${name}: ${Array.isArray(value) ? value.join(', ') || 'none' : String(value)}\n`,
    )
    .join('')
}

function toText(value: Values[string]): string | undefined {
  return value === undefined ? undefined : String(value)
}

function toUrl(value: Values[string]): string | undefined {
  const text = toText(value)
  if (text !== undefined && !/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new UsageError('--token-url must be a URL that starts with https://')
  return text
}

function toHours(value: Values[string]): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{1,4}$/.test(String(value)))
    throw new UsageError('--revoke-after-hours must be a whole number from 0 to 9999')
  return Number(value)
}
