// JavaScript, because the types of what it imports are there only once the peers are installed.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import { answer, answerPath } from '../gate/answer.ts'
import { serveMeasured } from '../served-process.ts'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** The usual hand-made gate: one limit by address, one by key, and a look-up of the key's hash in memory. */
await serveMeasured(async () => {
  const key = randomBytes(32).toString('hex')
  const keys = new Map([[sha256(key), { id: 'one', scopes: ['monitors:read'] }]])
  const limit = { windowMs: 60_000, limit: 1_000_000_000, standardHeaders: 'draft-8', legacyHeaders: false }
  const app = express()
  app.use(rateLimit(limit))
  app.use((request, response, next) => {
    const text = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    const found = text === undefined ? undefined : keys.get(sha256(text))
    if (found === undefined) return void response.status(401).json({ error: 'unauthorized' })
    request.keyId = found.id
    next()
  })
  app.use(rateLimit({ ...limit, keyGenerator: (request) => request.keyId }))
  app.get(answerPath, (_request, response) => void response.json(answer))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    headers: { authorization: `Bearer ${key}` },
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
})
