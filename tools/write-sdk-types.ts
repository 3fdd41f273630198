import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

// What the SDK sends and gets, from docs/openapi.json: every named schema, of each operation `<id>.body`, `<id>.query` and
// `<id>.reply`, and of the webhooks the messages that there are.
const json = z.json()
const content = z.object({ 'application/json': z.object({ schema: json }).optional() })
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(
    z.object({
      in: z.string().optional(),
      name: z.string().optional(),
      required: z.boolean().optional(),
      schema: json.optional(),
    }),
  ),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
})
const webhook = z.object({ post: z.object({ requestBody: z.object({ content }) }) })
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  webhooks: z.record(z.string(), webhook),
  components: z.object({ schemas: z.record(z.string(), json) }),
})

const header = '// Written by `node tools/write-sdk-types.ts` from docs/openapi.json.\n'
// A member of an interface cannot be typed by itself, and what is any JSON is for the reader to find out.
const anyJson = { JsonValue: {} }

if (import.meta.main) writeFileSync(fromRoot('packages/sdk/src/wire.ts'), sdkTypes())

export function sdkTypes(): string {
  const { paths, webhooks, components } = document.parse(
    JSON.parse(readFileSync(fromRoot('docs/openapi.json'), 'utf8')),
  )
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const messages = Object.values(webhooks).map(
    ({ post }) => post.requestBody.content['application/json']?.schema ?? {},
  )
  const schemas = {
    ...components.schemas,
    ...anyJson,
    ...Object.fromEntries(operations.flatMap(toSchemas)),
    WebhookMessage: { oneOf: messages },
  }
  return `${header}${toTypeScript({ openapi: '3.1.1', info: { title: '', version: '' }, components: { schemas } })}`
}

function toSchemas({
  operationId,
  parameters,
  requestBody,
  responses,
}: z.output<typeof operation>): [string, unknown][] {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const body = requestBody?.content['application/json']?.schema
  const answers = Object.entries(responses).flatMap(([status, { content: reply }]) => {
    const answered = reply?.['application/json']
    return status.startsWith('2') && answered !== undefined ? [answered.schema ?? {}] : []
  })
  const [answer] = answers
  const parts: [string, unknown][] = []
  if (query.length > 0) parts.push([`${operationId}.query`, toObject(query)])
  if (body !== undefined) parts.push([`${operationId}.body`, body])
  if (answer !== undefined)
    parts.push([`${operationId}.reply`, answers.length === 1 ? answer : { anyOf: answers }])
  return parts
}

function toObject(parameters: z.output<typeof operation>['parameters']) {
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name = '', schema = {} }) => [name, schema])),
    required: parameters.flatMap(({ name, required }) => (required === true ? [name] : [])),
    additionalProperties: false,
  }
}

/** By the SDK's own copy of the generator, whose compiler is older than ours. */
function toTypeScript(given: object): string {
  const cli = fromRoot('packages/sdk/node_modules/openapi-typescript/bin/cli.js')
  const options = ['--immutable', '--default-non-nullable', 'false']
  const run = spawnSync(process.execPath, [cli, ...options], {
    encoding: 'utf8',
    input: JSON.stringify(given, (name, value: unknown) => (/^examples?$/.test(name) ? undefined : value)),
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return run.stdout.replaceAll(/^export type [$\w]+ = Record<string, never>;\n/gm, '')
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}
