import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { ask, send } from './ask.ts'

const posture = z.object({
  policy: z.string().min(12),
  policy_since: z.iso.datetime().nullable(),
  generated: z.iso.datetime(),
  claims: z.array(
    z.object({ evidence: z.object({ policy: z.string(), ended: z.iso.datetime() }).nullable() }),
  ),
})

/** How long a copy of the page may be cached, with a margin. */
const shownAgainMsMax = 300_000

/**
 * Checks the dates on the page: since when its sentences and the policy are in force, and from when its results are. A
 * newer result under another policy would show that the date is older than the newest change.
 */
export async function carryDate(target: Target): Promise<Finding> {
  const {
    policy,
    policy_since: since,
    generated,
    claims,
  } = await ask(target, posture, '/.well-known/posture.json')
  const { text } = await send(target, '/security?lang=en')
  if (since === null) return fails('Nothing says since when the sentences and the policy are what they are')
  const figures = { since: since.slice(0, 10) }
  if (!text.includes(figures.since) || !text.includes(policy.slice(0, 12)))
    return fails('The page does not show since when its sentences and policy are what they are', figures)
  const [, asOf = ''] = /(\d{4}-\d\d-\d\d \d\d:\d\d) UTC/.exec(text) ?? []
  const apartMs = Math.abs(Date.parse(`${asOf.replace(' ', 'T')}Z`) - Date.parse(generated))
  if (!(apartMs <= shownAgainMsMax)) return fails('The page does not show of when its results are', figures)
  const before = claims.flatMap(({ evidence }) =>
    evidence === null || evidence.policy === policy ? [] : [Date.parse(evidence.ended)],
  )
  return Math.max(0, ...before) > Date.parse(since)
    ? fails('The date of the page is older than the newest change of its policy', figures)
    : holds(figures)
}
