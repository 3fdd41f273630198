import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Target } from '../target.ts'
import { ask, firstOrg, ownerOf, parseJson, UnseenError } from './ask.ts'

const tokens = z.object({ accessToken: z.string(), refreshToken: z.string() })
const header = z.object({ alg: z.string(), typ: z.string() })
const claims = z.object({ iat: z.number(), exp: z.number() })

/** Checks the algorithm and lifetime of an access token; changed in any of three ways it must be refused. */
export async function keepTokensShort(
  target: Target,
  _signal: AbortSignal,
  { kernel: { accessTokenSeconds } }: PosturePolicy,
): Promise<Finding> {
  const { accessToken } = ownerOf(firstOrg(target))
  const [head = '', body = '', signature = ''] = accessToken.split('.')
  const { alg, typ } = header.parse(readPart(head))
  const { iat, exp } = claims.parse(readPart(body))
  const figures = { alg, typ, livesSeconds: Math.round(exp - iat) }
  if (alg !== 'HS256') return fails(`Access tokens are signed by ${alg}`, figures)
  if (exp - iat > accessTokenSeconds + 1) return fails('Access tokens live longer than is claimed', figures)
  const forged = {
    'another signature': [head, body, 'A'.repeat(signature.length)],
    'a later end': [
      head,
      writePart({ ...z.looseObject({}).parse(readPart(body)), exp: exp + 86_400 }),
      signature,
    ],
    'no algorithm': [writePart({ alg: 'none', typ }), body, ''],
  }
  for (const [what, parts] of Object.entries(forged)) {
    const { status } = await target.send('/dashboard/me', { credential: parts.join('.') })
    if (status !== 401) return fails(`An access token with ${what} was answered ${status}`, figures)
  }
  return holds(figures)
}

/** Logs in, renews the session, and uses the old token again: it must be refused, and its successor must work. */
export async function killUsedTokens(target: Target): Promise<Finding> {
  const { email, password } = ownerOf(firstOrg(target))
  const first = await ask(target, tokens, '/auth/login', { body: { email, password } })
  const second = await renew(target, first.refreshToken)
  if (second.status !== 200) throw new UnseenError(`A new refresh token was answered ${second.status}`)
  const again = await renew(target, first.refreshToken)
  const next = tokens.safeParse(parseJson(second.text))
  const third = next.success ? (await renew(target, next.data.refreshToken)).status : 0
  const figures = { renewed: second.status, usedAgain: again.status, successor: third }
  if (again.status < 400) return fails('A refresh token opened a session a second time', figures)
  return third === 200 ? holds(figures) : fails('The successor of a refresh token is not good', figures)
}

function renew(target: Target, refreshToken: string) {
  return target.send('/auth/refresh', { body: { refreshToken } })
}

function readPart(text: string): unknown {
  return parseJson(Buffer.from(text, 'base64url').toString('utf8'))
}

function writePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
