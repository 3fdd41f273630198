import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { lightPaths } from './ask.ts'

/** Headers that every answer must have, with a pattern that each must match. */
const expected: readonly (readonly [name: string, holds: RegExp])[] = [
  ['content-security-policy', /default-src 'none'/],
  ['content-security-policy', /frame-ancestors 'none'/],
  ['strict-transport-security', /max-age=\d{8}/],
  ['x-content-type-options', /^nosniff$/],
  ['referrer-policy', /^no-referrer$/],
  ['cross-origin-opener-policy', /^same-origin$/],
  ['cross-origin-resource-policy', /^same-origin$/],
  ['permissions-policy', /camera=\(\)/],
]

/** A page, an API answer, a refusal and an unknown path. */
const paths = ['/healthz', lightPaths.uptime, '/openapi.json', '/posture-there-is-no-such-path']

export async function hardenHeaders(target: Target): Promise<Finding> {
  for (const path of paths) {
    const { headers, status } = await target.send(path)
    for (const [name, pattern] of expected)
      if (!pattern.test(headers.get(name) ?? ''))
        return fails(`The answer ${status} of ${path} does not carry the ${name} that it should`)
  }
  return holds({ answers: paths.length, headers: expected.length })
}
