import { fails, type Finding, holds } from '../finding.ts'
import type { ProbeCall, Target } from '../target.ts'
import { asOwner, firstOrg, keyOf, show, UnseenError } from './ask.ts'
import { listOperations, type Operation, withUnknownIds } from './operations.ts'

const stray = 'posture_stray_member'
/** Routes a decision, for an AI that waits for it: an unknown member, newer than the server, must not stop it. */
const passesOver = 'scoreDecision'
/** The part that the probe uses of the requests per minute that an address may make without credentials. */
const openCallsPerAddress = 8

/** Adds an undefined member to a valid body, at every operation with a JSON body: each must refuse it by name. */
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
    // An operation that this caller may not use, or not as often, is refused before the body is read.
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

/** Whether this is a second path to an operation for keys: it has the same schema and the same handler. */
function isSecondDoor({ id }: Operation, ids: ReadonlySet<string>): boolean {
  const first = id.replace(/^dashboard(\w)/, (_whole, letter: string) => letter.toLowerCase())
  return first !== id && ids.has(first)
}

type Sent = { readonly by: Target; readonly call: ProbeCall }

/** The credentials for a call of an operation; undefined when the probe has none for it. */
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
