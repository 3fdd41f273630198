import { fastify } from 'fastify'
import { serveMeasured } from '../served-process.ts'

const { BENCH_BODY: body = '', BENCH_TAG: tag = '', BENCH_PATH: path = '/' } = process.env

/** Whatever it was told to answer with; 304 to whoever has it. */
await serveMeasured(async () => {
  const app = fastify({ logger: false })
  app.get(path, (request, reply) => {
    if (request.headers['if-none-match'] === tag) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').header('etag', tag).send(body)
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return { port: Number(new URL(origin).port), headers: {}, stop: () => app.close() }
})
