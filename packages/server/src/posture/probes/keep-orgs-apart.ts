import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Sink } from '../sink.ts'
import type { ProbeAnswer, ProbeOrg, Target } from '../target.ts'
import { asOwner, ask, assertSeen, bothOrgs, lightPaths, mintKey, show, UnseenError } from './ask.ts'
import { showDoor, type Thing } from './things-of-an-org.ts'

/**
 * Creates objects of each kind in one org; another org tries to read, change and delete them by id, with its own
 * credentials. Each answer must equal that for an unknown id, and the objects must be unchanged.
 */
export function keepOrgsApart(things: readonly Thing[]) {
  return async (target: Target, sink: Sink, signal: AbortSignal): Promise<Finding> => {
    const orgs = bothOrgs(target)
    let tried = 0
    for (const thing of things) {
      signal.throwIfAborted()
      const breach = await findBreach(target, sink, thing, orgs)
      if (breach !== undefined) return fails(breach, { tried })
      tried += thing.attempts.length
    }
    return holds({ kinds: things.length, tried })
  }
}

async function findBreach(
  target: Target,
  sink: Sink,
  { what, door, make, attempts }: Thing,
  [owner, stranger]: readonly [ProbeOrg, ProbeOrg],
): Promise<string | undefined> {
  const id = await make(target, owner, sink)
  const [read] = attempts
  const standing = async (): Promise<string> => {
    const answer = await target.send(read.path(id), showDoor(door, owner))
    return answer.status === 200 ? toComparable(answer, id) : ''
  }
  const before = await standing()
  if (before === '') throw new UnseenError(`The organisation that made ${what} cannot read it`)
  // An unknown id of the same format, so that only its owner makes a difference.
  const unknown = id.startsWith('posture-')
    ? `posture-${randomBytes(6).toString('hex')}`
    : '01ARZ3NDEKTSV4RRFFQ69G5FAV'
  for (const { method, path, body } of attempts) {
    const call = { method, ...showDoor(door, stranger), ...(body === undefined ? {} : { body }) }
    const theirs = await target.send(path(id), call)
    const none = await target.send(path(unknown), call)
    for (const answer of [theirs, none]) assertSeen(answer, path('{id}'))
    if (theirs.status < 400) return `Another organisation got through to ${what}: ${method} ${path('{id}')}`
    if (toComparable(theirs, id) !== toComparable(none, unknown))
      return `The answer to ${method} ${path('{id}')} tells another organisation that there is ${what} of that id`
  }
  return (await standing()) === before ? undefined : `Another organisation changed ${what}`
}

function toComparable({ status, headers, text }: ProbeAnswer, id: string): string {
  const requestId = headers.get('x-request-id') ?? '\0'
  const masked = text
    .replaceAll(requestId, 'REQUEST')
    .replaceAll(id, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
  return `${status} ${masked}`
}

const keyList = z.object({ apiKeys: z.array(z.object({ id: z.string() })) })

/** Checks that a key of one org is in that org's list and in no other's, and that no other org can revoke it. */
export async function keysBelongToOneOrg(target: Target): Promise<Finding> {
  const [owner, stranger] = bothOrgs(target)
  const key = await mintKey(target, owner, 'uptime')
  const listOf = async (org: ProbeOrg) =>
    (await ask(target, keyList, '/dashboard/api-keys', asOwner(org))).apiKeys.map(({ id }) => id)
  const [own, others] = [await listOf(owner), await listOf(stranger)]
  if (!own.includes(key.id)) return fails('A new key is not in the list of its organisation')
  if (others.includes(key.id)) return fails("A key is in another organisation's list")
  const ended = await target.send(`/dashboard/api-keys/${key.id}`, { method: 'DELETE', ...asOwner(stranger) })
  const { status } = await target.send(lightPaths.uptime, show('uptime', key.key))
  if (ended.status < 400 || status === 401) return fails('Another organisation could end a key')
  return holds({ ownKeys: own.length, keysOfTheOther: others.length, endedByTheOther: ended.status })
}
