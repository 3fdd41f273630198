import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { ProbeCall, Target } from '../target.ts'
import { firstOrg, keyOf, show, UnseenError } from './ask.ts'

type Cap = { readonly path: string; readonly call: ProbeCall; readonly bytesMax: number }

/**
 * Sends a body of exactly each cap, which must be read and refused for its content, and one a byte longer, which must
 * be too large.
 */
export async function capBodies(
  target: Target,
  _signal: AbortSignal,
  { kernel, oversight }: PosturePolicy,
): Promise<Finding> {
  const org = firstOrg(target)
  const uptime = show('uptime', keyOf(org, 'uptime'))
  const caps: readonly Cap[] = [
    { path: '/api/v1/monitors', call: uptime, bytesMax: kernel.bodyBytesMax },
    { path: '/v1/score', call: show('oversight', keyOf(org, 'oversight')), bytesMax: oversight.bodyBytesMax },
    {
      path: '/v1/score/batch',
      call: show('oversight', keyOf(org, 'oversight')),
      bytesMax: oversight.batchBytesMax,
    },
    { path: '/auth/login', call: {}, bytesMax: kernel.anonymousBodyBytesMax },
  ]
  for (const cap of caps) {
    const [within, over] = [await post(target, cap, 0), await post(target, cap, 1)]
    const figures = { bytesMax: cap.bytesMax, within, over }
    if (within === 401 || within === 429 || within >= 500)
      throw new UnseenError(`${cap.path} answered ${within} to the probe`)
    if (within === 413) return fails(`${cap.path} does not take the bytes that it says it takes`, figures)
    if (over !== 413) return fails(`${cap.path} takes more than ${cap.bytesMax} bytes`, figures)
  }
  return holds({ paths: caps.length, bytesMax: kernel.bodyBytesMax, batchBytesMax: oversight.batchBytesMax })
}

async function post(target: Target, { path, call, bytesMax }: Cap, more: number): Promise<number> {
  const frame = JSON.stringify({ posture: '' })
  const body = frame.replace('""', `"${'x'.repeat(bytesMax + more - frame.length)}"`)
  const headers = { ...call.headers, 'content-type': 'application/json' }
  return (await target.send(path, { ...call, method: 'POST', headers, body })).status
}
