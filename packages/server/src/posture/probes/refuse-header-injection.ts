import { fails, type Finding, holds } from '../finding.ts'
import type { Sink } from '../sink.ts'
import type { Target } from '../target.ts'
import { assertSeen, firstOrg, keyOf, show, UnseenError } from './ask.ts'

/** Each of these would end its own header, begin another, or replace one that the server writes itself. */
const hostile: readonly (readonly [name: string, value: string])[] = [
  ['x-posture', 'a\r\nx-injected: b'],
  ['x-posture', 'a\nx-injected: b'],
  ['x-posture', 'a\rb'],
  ['x-posture', 'a\0b'],
  ['x-posture\r\nx-injected', 'b'],
  ['x posture', 'b'],
  ['x-posture:', 'b'],
  ['host', 'other.example'],
  ['content-length', '0'],
  ['transfer-encoding', 'chunked'],
  ['connection', 'upgrade'],
]

/** Creates a monitor with a harmless header, which must succeed, and with each of these, which must not. */
export async function refuseHeaderInjection(target: Target, sink: Sink): Promise<Finding> {
  const credential = show('uptime', keyOf(firstOrg(target), 'uptime'))
  const { url } = sink.open()
  const make = async (headers: Readonly<Record<string, string>>): Promise<number> => {
    const body = { type: 'http', isActive: false, config: { url, headers } }
    const answer = await target.send('/api/v1/monitors', { method: 'POST', ...credential, body })
    assertSeen(answer, '/api/v1/monitors')
    return answer.status
  }
  const honest = await make({ 'x-posture': 'honest' })
  if (honest !== 201) throw new UnseenError(`A monitor with an honest header was answered ${honest}`)
  for (const [name, value] of hostile) {
    const status = await make({ [name]: value })
    if (status < 400)
      return fails(`A monitor took the header ${JSON.stringify(`${name}: ${value}`)}`, {
        tried: hostile.length,
      })
  }
  return holds({ tried: hostile.length })
}
