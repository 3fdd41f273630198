// JavaScript, because the types of what it imports are there only once the peers are installed.
import { randomBytes } from 'node:crypto'
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'

/** better-auth's API keys over its own memory adapter; `count` keys, and what proves one. */
export async function startBetterAuth(count) {
  const auth = betterAuth({
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], apikey: [] }),
    secret: randomBytes(32).toString('base64'),
    baseURL: 'http://127.0.0.1',
    emailAndPassword: { enabled: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [apiKey({ rateLimit: { enabled: true, timeWindow: 60_000, maxRequests: 1_000_000_000 } })],
  })
  const person = { email: 'ann@example.com', password: randomBytes(18).toString('base64url'), name: 'Ann' }
  const { user } = await auth.api.signUpEmail({ body: person })
  const keys = []
  while (keys.length < count) {
    const made = await auth.api.createApiKey({ body: { userId: user.id, name: 'bench' } })
    keys.push(made.key)
  }
  const verify = async (key) => (await auth.api.verifyApiKey({ body: { key } })).valid
  return { keys, verify }
}
