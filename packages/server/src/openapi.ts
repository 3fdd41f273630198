import { type OpenApiInfo, toOpenApi } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { healthModule } from './health.ts'
import { keyedServices } from './keyed-services.ts'
import { withAuditLog } from './with-audit-log.ts'
import { problems as shared } from './http/problems.ts'
import { platformModule } from './platform/index.ts'
import { problems as platformProblems } from './platform/problems.ts'
import type { ServiceModule } from './service.ts'
import { uptimeModule } from './services/uptime/index.ts'
import { problems as uptimeProblems } from './services/uptime/problems.ts'

const wireError = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    status: z.int(),
    upgradeUrl: z.string().optional(),
  }),
})

const problemDetails = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  instance: z.string(),
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
})

const info: OpenApiInfo = {
  title: 'Gatehouse',
  version: '0.1.0',
  description:
    'A self-hosted platform for people who run an API: security kernel, uptime monitoring, status pages.',
}

const descriptions: Readonly<Record<string, string>> = {
  platform: 'People, organisations, keys, audit log',
  uptime: 'Monitors, incidents, notification channels, status pages',
  health: 'Probes for operators',
}

/** Every module's endpoints as data, without anything behind them. */
export function describeModules(): readonly ServiceModule[] {
  // Safe: a module only stores its parts until a handler, job or loop is run, and none is run here.
  const nothing = { services: keyedServices } as never
  return [platformModule(nothing), withAuditLog(uptimeModule(nothing), nothing), healthModule(nothing)]
}

/** The OpenAPI 3.1 document of the whole instance. */
export function buildOpenApi(): object {
  const statuses = Object.fromEntries(
    [shared, platformProblems, uptimeProblems].flatMap((table) =>
      Object.entries(table).map(([code, problem]) => [code, problem.status] as const),
    ),
  )
  return toOpenApi(
    info,
    describeModules().map(({ name, envelope, endpoints }) => ({
      tag: name,
      description: descriptions[name] ?? name,
      endpoints: endpoints.map(({ endpoint }) => endpoint),
      errorSchema: envelope === 'wire' ? wireError : problemDetails,
      errorMediaType: envelope === 'wire' ? 'application/json' : 'application/problem+json',
      statuses,
    })),
  )
}
