import { expect, it } from 'vitest'
import { toPosturePolicy } from '../../posture-figures.ts'
import { schema } from '../../schema.ts'
import { claims } from '../claims/index.ts'
import type { Evidence } from '../domain/evidence.ts'
import { policy as figuresOfPage } from '../policy.ts'
import type { ClaimView, PostureView, Shown } from '../usecases/read-posture.ts'
import { renderSecurityPage } from './render-security-page.ts'

const bytesMax = 30_000
const nowMs = Date.parse('2026-11-30T12:00:00Z')
const policy = toPosturePolicy([], schema)

function toEvidence(verdict: Evidence['verdict'], claim: string): Evidence {
  const ended = new Date(nowMs).toISOString()
  return {
    v: 1,
    id: '',
    run_id: '',
    claim,
    control: '',
    verdict,
    because: null,
    figures: {},
    started: ended,
    ended,
    version: '',
    build: '',
    policy: '',
    prober: 'self',
    key_id: '',
    signature: '',
  }
}

/** Every claim of the product, with a whole strip and the figures that probes usually see. */
function furnish(verdict: 'holds' | 'unknown'): PostureView {
  const because = verdict === 'holds' ? null : 'There is no evidence yet'
  const results = verdict === 'holds' ? figuresOfPage.stripResults : 0
  const views = claims.map((claim): ClaimView => {
    const isVerified = claim.kind === 'verified'
    const evidence = Array.from({ length: results }, () => toEvidence(verdict, claim.id))
    return {
      claim,
      sentence: claim.sentence(policy),
      shown: isVerified ? verdict : 'stated',
      because: isVerified ? because : null,
      figures: because === null ? { sent: 61, refused: 1, windowSeconds: 60 } : {},
      endedMs: isVerified && because === null ? nowMs : null,
      evidence: isVerified ? evidence : [],
    }
  })
  const count = (of: Shown): number => views.filter(({ shown }) => shown === of).length
  return {
    nowMs,
    circumstances: { nowMs, build: 'b'.repeat(64), policy: 'a'.repeat(64) },
    policyDateMs: nowMs,
    summary: {
      verified: views.length - count('stated'),
      holds: count('holds'),
      fails: count('fails'),
      unknown: count('unknown'),
      stated: count('stated'),
      overdue: 0,
    },
    claims: views,
    deviations: [],
  }
}

it.each(['en', 'ja'] as const)(
  'the-page-weighs-at-most-30-kb: as it is written, with every claim, its figures and its strip (%s)',
  (language) => {
    for (const view of [furnish('holds'), furnish('unknown')]) {
      const page = renderSecurityPage(view, language, 'https://gatehouse.example.com')
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(bytesMax)
      // The page leaves nothing out to stay within its size.
      for (const { claim, sentence } of view.claims) {
        expect(page).toContain(`security/${claim.id}`)
        expect(page).toContain(sentence[language].slice(0, 12).replaceAll("'", '&#39;'))
      }
    }
  },
)

it('a risk has a page of its claims alone, and what is no risk shows all', () => {
  const view = furnish('holds')
  const page = renderSecurityPage(view, 'en', 'https://gatehouse.example.com', 'API7')
  expect(page).toContain('API7 Server Side Request Forgery')
  expect(page).toContain('href="?risk=API7&amp;lang=ja"')
  expect(page).toContain('All claims')
  const listed = view.claims.filter(({ claim }) => page.includes(`security/${claim.id}?`))
  expect(listed.length).toBeGreaterThan(2)
  expect(listed.every(({ claim }) => claim.owasp?.includes('API7'))).toBe(true)
})
