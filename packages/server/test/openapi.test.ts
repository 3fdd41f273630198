import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildOpenApi, describeModules } from '../src/openapi.ts'
import { toMessageSchema } from '../src/service/publish-event.ts'

const content = z.record(z.string(), z.object({ schema: z.unknown(), example: z.unknown().optional() }))
const parameter = z.object({
  $ref: z.string().optional(),
  name: z.string().optional(),
  in: z.string().optional(),
  required: z.boolean().optional(),
  example: z.unknown().optional(),
})
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(parameter),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
})
const webhook = z.object({ post: z.object({ requestBody: z.object({ content }) }) })
const document = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), operation)),
    webhooks: z.record(z.string(), webhook),
  })
  .parse(buildOpenApi())
const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
const endpoints = describeModules().flatMap((module) => module.endpoints)

function operationOf(id: string) {
  const found = operations.find(({ operationId }) => operationId === id)
  if (found === undefined) throw new Error(`${id} is not in the document`)
  return found
}

describe('every-operation-has-an-example', () => {
  it.each(endpoints.filter(({ body }) => body !== undefined).map((endpoint) => [endpoint.id, endpoint]))(
    'the example of a request to %s is one that is accepted',
    (id, { body }) => {
      const example = operationOf(id).requestBody?.content['application/json']?.example
      expect(body?.safeParse(example)).toMatchObject({ success: true })
    },
  )

  it.each(
    endpoints.flatMap(({ id, reply }) =>
      'schema' in reply && reply.schema !== null ? [[id, reply.status, reply.schema] as const] : [],
    ),
  )('the example of a reply of %s is one that is sent', (id, status, schema) => {
    const example = operationOf(id).responses[status]?.content?.['application/json']?.example
    expect(schema.safeParse(example)).toMatchObject({ success: true })
  })

  it.each(
    endpoints.flatMap(({ id, params, query }) => [
      ...(params === undefined ? [] : [[id, 'path', params] as const]),
      ...(query === undefined ? [] : [[id, 'query', query] as const]),
    ]),
  )('what the address of %s must hold in its %s has an example', (id, place, schema) => {
    const given = operationOf(id).parameters.filter((one) => one.in === place && one.example !== undefined)
    // An address is text, whatever its parts mean.
    const example = Object.fromEntries(given.map(({ name, example: value }) => [name, String(value)]))
    expect(schema.safeParse(example)).toMatchObject({ success: true })
  })
})

describe('every-webhook-message-is-described', () => {
  const events = describeModules().flatMap((module) => Object.entries(module.events))

  it('the document holds each event that a webhook can hear of, and the test message', () => {
    const names = [...events.map(([name]) => name), 'webhook.test']
    expect(Object.keys(document.webhooks).toSorted()).toEqual(names.toSorted())
  })

  it.each(events)('the example of %s is a message that is sent', (name, data) => {
    const { example } = document.webhooks[name]?.post.requestBody.content['application/json'] ?? {}
    expect(toMessageSchema(name, data).safeParse(example)).toMatchObject({ success: true })
  })
})
