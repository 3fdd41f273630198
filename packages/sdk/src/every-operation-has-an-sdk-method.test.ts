import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { Gatehouse } from './index.ts'

const document = z
  .object({
    paths: z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          operationId: z.string(),
          deprecated: z.boolean().optional(),
          responses: z.record(
            z.string(),
            z.object({ content: z.record(z.string(), z.unknown()).optional() }),
          ),
        }),
      ),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')))

/** Further spellings of a job's ping, for what can only call an address that it was given, and what a payment provider calls. */
const otherPings = /^(?:hbPing|pingGet|pingPut|receivePaddle)/

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    // What lies below a status page is read by its readers' own programs.
    .filter(() => !path.startsWith('/status/'))
    .filter(([, { operationId, deprecated, responses }]) => {
      const media = Object.entries(responses)
        .filter(([status]) => /^[23]/.test(status))
        .flatMap(([, { content = {} }]) => Object.keys(content))
      const isForBrowsers = media.some((type) => /^(?:text\/(?:html|css)|(?:image|font)\/)/.test(type))
      // A connection is opened when somebody iterates, and by something else than fetch.
      const isSocket = '101' in responses || media.includes('text/event-stream')
      return deprecated !== true && !isSocket && !isForBrowsers && !otherPings.test(operationId)
    })
    .map(([method, { operationId }]) => ({
      operationId,
      method: method.toUpperCase(),
      path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
    })),
)

type Sent = { readonly method: string; readonly path: string }

/** Calls every method that hangs on the client, with words where it wants any, and says what was asked of the server. */
async function callEverything(
  credential: { apiKey: string } | { accessToken: string },
): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  const client = new Gatehouse({
    baseUrl: 'http://gatehouse.test',
    ...credential,
    fetch: async (input, init) => {
      sent.push({
        method: init?.method ?? 'GET',
        path: new URL(input instanceof Request ? input.url : input).pathname,
      })
      return Response.json({})
    },
  })
  const visit = async (value: object): Promise<void> => {
    for (const member of Object.values(value)) {
      if (typeof member === 'function') await callWithWords(member)
      else if (typeof member === 'object' && member !== null) await visit(member)
    }
  }
  await visit(client)
  return sent
}

const place = { id: 'one', monitorId: 'two', suffix: 'fail' }

/** Once with a word for each argument and once with an object, which is what the others take. */
async function callWithWords(method: (...words: readonly unknown[]) => unknown): Promise<void> {
  for (const words of [
    ['one', 'two', 'three'],
    ['one', place],
    [place, {}],
  ]) {
    try {
      await method(...words)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
}

it('every-operation-has-an-sdk-method', async () => {
  const sent = [
    ...(await callEverything({ apiKey: 'key' })),
    ...(await callEverything({ accessToken: 'token' })),
  ]
  const missing = operations.filter(
    (operation) => !sent.some(({ method, path }) => method === operation.method && operation.path.test(path)),
  )
  expect(operations.length).toBeGreaterThan(150)
  expect(missing.map(({ operationId }) => operationId)).toEqual([])
})
