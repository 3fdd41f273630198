import { fastify } from 'fastify'
import { securityHeaders } from '../../packages/server/src/http/security-headers.ts'
import { serveMeasured } from '../served-process.ts'
import { answer, answerPath } from './answer.ts'

const body = JSON.stringify(answer)
/** As many and as long as those of a keyed GET, but the same for every request. */
const headers = {
  ...securityHeaders,
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'private, no-cache',
  etag: '"2jmj7l5rSw0yVb_vlWAYkK_YBwk"',
  'ratelimit-policy': '"key";q=60;w=60',
  ratelimit: '"key";r=59;t=60',
  'x-ratelimit-limit': '60',
  'x-ratelimit-remaining': '59',
  'x-ratelimit-reset': '60',
  'x-request-id': 'req_01JAZ3T9Q5V8W2X4Y6Z8A0B1C2',
}

await serveMeasured(async () => {
  const app = fastify({ logger: false })
  app.get(answerPath, (_request, reply) => reply.headers(headers).send(body))
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return { port: Number(new URL(origin).port), headers: {}, stop: () => app.close() }
})
