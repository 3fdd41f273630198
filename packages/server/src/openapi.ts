import { type OpenApiInfo, type OpenApiWebhook, toOpenApi } from '@gatehouse/kernel/endpoint'
import { keyProblems } from '@gatehouse/kernel/keys'
import { webhookProblems } from '@gatehouse/kernel/webhooks'
import { z } from 'zod'
import { documentation } from './documentation/index.ts'
import { health } from './health.ts'
import { problems as shared } from './http/problems.ts'
import { definePlatform } from './platform/index.ts'
import { posture } from './posture/index.ts'
import type { Service, ServiceFacts } from './service/define-service.ts'
import { toKnown } from './service/envelope.ts'
import { toMessageSchema } from './service/publish-event.ts'
import { services as own } from './services.ts'
import { version } from './service/version.ts'
import { wellKnown } from './well-known.ts'
import { withAuditDoor } from './with-audit-door.ts'

const info: OpenApiInfo = {
  title: 'Gatehouse',
  version,
  description:
    'A self-hosted platform for people who run an API: security kernel, uptime monitoring, status pages.',
}

/** The modules of the API as data, without building a server. */
export function describeModules(
  services: readonly Service[] = own,
): readonly Pick<Service, keyof ServiceFacts | 'endpoints'>[] {
  return [definePlatform(services), ...services.map(withAuditDoor), health, wellKnown, posture, documentation]
}

/**
 * Builds the OpenAPI 3.1 document of the whole instance, or of one service; undefined when there is no service with
 * that name.
 */
export function buildOpenApi(services?: readonly Service[]): object
export function buildOpenApi(services: readonly Service[], only: string): object | undefined
export function buildOpenApi(services: readonly Service[] = own, only?: string): object | undefined {
  const modules = describeModules(services).filter(({ name }) => only === undefined || name === only)
  if (modules.length === 0) return undefined
  return toOpenApi(
    info,
    modules.map(({ name, description, envelope, problems, endpoints }) => ({
      tag: name,
      description,
      endpoints,
      errorSchema: envelope.schema,
      errorMediaType: envelope.mediaType,
      refusals: Object.fromEntries(
        Object.entries({ ...keyProblems, ...webhookProblems, ...shared, ...problems }).map(
          ([code, { status, title }]) => [code, { title, ...toKnown(envelope, { code, status }) }] as const,
        ),
      ),
    })),
    [
      ...modules.flatMap(({ name, events }) =>
        Object.entries(events).map(([event, data]) => toWebhook(name, event, data)),
      ),
      ...modules.flatMap(({ name }) =>
        name === 'platform' ? [toWebhook(name, 'webhook.test', z.strictObject({}))] : [],
      ),
    ],
  )
}

/** Describes every webhook message: the events of each module, and the test that users send. */
function toWebhook(tag: string, event: string, data: z.ZodType): OpenApiWebhook {
  return { event, tag, summary: `Message of the webhook event ${event}`, body: toMessageSchema(event, data) }
}
