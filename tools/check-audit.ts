import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Finding, report } from './finding.ts'

const root = join(import.meta.dirname, '..')

const exceptionsFile = z.strictObject({
  exceptions: z.array(
    z.strictObject({
      /** `GHSA-…` */
      advisory: z.string().regex(/^GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}$/),
      reason: z.string().min(20),
      until: z.iso.date(),
    }),
  ),
})

export type AuditException = z.output<typeof exceptionsFile>['exceptions'][number]

const auditReport = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      via: z.array(
        z.union([
          z.string(),
          z.object({ url: z.string(), title: z.string(), severity: z.string(), range: z.string() }),
        ]),
      ),
    }),
  ),
})

export function readExceptions(text: string): readonly AuditException[] {
  return exceptionsFile.parse(JSON.parse(text)).exceptions
}

/** Undefined when the answer tells of no advisories, such as that of a registry that knows none. */
export function parseAudit(text: string): z.output<typeof auditReport> | undefined {
  try {
    return auditReport.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Each advisory that no exception excuses today, and each exception that is over or excuses nothing. */
export function judgeAudit(
  { vulnerabilities }: z.output<typeof auditReport>,
  exceptions: readonly AuditException[],
  today: string,
): readonly Finding[] {
  const advisories = new Map<string, { readonly packageName: string; readonly title: string }>()
  for (const [packageName, { via }] of Object.entries(vulnerabilities))
    for (const cause of via)
      if (typeof cause !== 'string')
        advisories.set(cause.url.split('/').at(-1) ?? cause.url, {
          packageName,
          title: `${cause.severity}: ${cause.title}`,
        })
  const excused = new Set(exceptions.filter(({ until }) => until >= today).map(({ advisory }) => advisory))
  return [
    ...[...advisories]
      .filter(([id]) => !excused.has(id))
      .map(([id, { packageName, title }]) => ({
        rule: 'advisory',
        where: packageName,
        detail: `${id} ${title}`,
      })),
    ...exceptions
      .filter(({ until }) => until < today)
      .map(({ advisory, until }) => ({
        rule: 'exception-is-over',
        where: 'tools/audit-exceptions.json',
        detail: `${advisory} was excused until ${until}`,
      })),
    ...exceptions
      .filter(({ advisory }) => !advisories.has(advisory))
      .map(({ advisory }) => ({
        rule: 'exception-excuses-something',
        where: 'tools/audit-exceptions.json',
        detail: `${advisory} is told of no more: take it out`,
      })),
  ]
}

if (import.meta.main) {
  const exceptions = readExceptions(readFileSync(join(root, 'tools/audit-exceptions.json'), 'utf8'))
  const ran = spawnSync('npm', ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=15000'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const parsed = parseAudit(ran.stdout ?? '')
  if (parsed === undefined)
    console.error('audit: NOT ASKED, since the registry does not tell of advisories from here')
  else report('check-audit', judgeAudit(parsed, exceptions, new Date().toISOString().slice(0, 10)))
}
