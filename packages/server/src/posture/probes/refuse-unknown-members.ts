import { fails, type Finding, holds } from '../finding.ts'
import type { ProbeCall, Target } from '../target.ts'
import { asOwner, firstOrg, keyOf, show, UnseenError } from './ask.ts'
import { listOperations, type Operation, withUnknownIds } from './operations.ts'

const stray = 'posture_stray_member'
/** Routes a decision: an AI that waits for it is not stopped by a member that is newer than the server. */
const passesOver = 'scoreDecision'
/** Of what one address may ask in a minute before anybody is proven. */
const openCallsPerAddress = 8

/** Adds a member that nobody defined to a body that would do, at every operation with a JSON body: each must refuse it by name. */
export async function refuseUnknownMembers(target: Target, signal: AbortSignal): Promise<Finding> {
  const all = await listOperations(target)
  const ids = new Set(all.map(({ id }) => id))
  const operations = all.filter(
    (operation) =>
      operation.example !== undefined &&
      operation.id !== passesOver &&
      !operation.needsQuery &&
      !isSecondDoor(operation, ids),
  )
  const call = toCaller(target)
  let asked = 0
  for (const operation of operations) {
    signal.throwIfAborted()
    const sent = call(operation)
    if (sent === undefined) continue
    const { status, text } = await sent.by.send(withUnknownIds(operation.path), {
      ...sent.call,
      method: operation.method,
      body: { ...operation.example, [stray]: true },
    })
    // What this caller may not do at all, or too often, is refused before anybody reads a body.
    if (status === 403 || status === 404 || status === 429) continue
    const about = `${operation.method} ${operation.path}`
    if (status === 401 || status >= 500) throw new UnseenError(`${about} answered ${status} to the probe`)
    asked += 1
    if (status < 400 || !text.includes(stray))
      return fails(`${about} answered ${status} to a member that nobody defined, without naming it`, {
        asked,
      })
  }
  if (asked < operations.length / 2) throw new UnseenError(`Only ${asked} operations could be asked`)
  return holds({ operations: operations.length, asked })
}

/** Another door to an operation that keys have: the same schema, and the same handler. */
function isSecondDoor({ id }: Operation, ids: ReadonlySet<string>): boolean {
  const first = id.replace(/^dashboard(\w)/, (_whole, letter: string) => letter.toLowerCase())
  return first !== id && ids.has(first)
}

type Sent = { readonly by: Target; readonly call: ProbeCall }

/** What a call of an operation shows; undefined where the probe has nothing to show. */
function toCaller(target: Target): (operation: Operation) => Sent | undefined {
  const org = firstOrg(target)
  let stranger = target
  let calls = 0
  return ({ provenBy, service }) => {
    if (provenBy.includes('session')) return { by: target, call: asOwner(org) }
    if (provenBy.includes('apiKey')) {
      if (service === 'uptime' || service === 'oversight' || service === 'volatility')
        return { by: target, call: show(service, keyOf(org, service)) }
    }
    if (provenBy.length > 0) return undefined
    if (calls % openCallsPerAddress === 0) stranger = target.fromElsewhere()
    calls += 1
    return { by: stranger, call: {} }
  }
}
