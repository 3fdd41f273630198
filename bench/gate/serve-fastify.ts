import { fastify } from 'fastify'
import { serveMeasured } from '../served-process.ts'
import { answer, answerPath } from './answer.ts'

const body = JSON.stringify(answer)

await serveMeasured(async () => {
  const app = fastify({ logger: false })
  app.get(answerPath, (_request, reply) => reply.type('application/json; charset=utf-8').send(body))
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return { port: Number(new URL(origin).port), headers: {}, stop: () => app.close() }
})
