import type { Endpoint } from '@gatehouse/kernel/endpoint'
import { claimRequest, type IdempotencyDeps, type StoredReply } from '@gatehouse/kernel/idempotency'
import { Problem } from '@gatehouse/kernel/problem'
import type { Answer } from './answer.ts'
import type { Caller } from './authenticate.ts'
import { problems } from './problems.ts'

const masked = '***'

/**
 * Under an `Idempotency-Key`, a POST that was answered is answered the same again, without being done again (H9).
 * Secrets were shown once: a replay masks them.
 */
export async function answerOnce(
  deps: IdempotencyDeps,
  endpoint: Endpoint,
  caller: Caller,
  key: string | undefined,
  input: unknown,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (key === undefined || endpoint.method !== 'POST' || caller.kind === 'visitor') return work()
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    })
  const subject = caller.kind === 'key' ? caller.keyId : caller.userId
  const request = { subject, endpoint: endpoint.id, key, body: JSON.stringify(input) }
  const claim = await claimRequest(deps, caller, request)
  switch (claim.kind) {
    case 'replay':
      return toReplay(claim.reply)
    case 'other_body':
      throw problems.IDEMPOTENCY_KEY_REUSED({
        detail: 'Idempotency-Key: this key was used for a request with another body',
      })
    case 'under_way':
      throw problems.IDEMPOTENCY_KEY_BUSY({
        detail: 'Idempotency-Key: the first request under this key is not answered yet',
        retryAfterSeconds: 1,
      })
    case 'first':
      try {
        const answer = await work()
        await claim.settle(toStored(endpoint, answer))
        return answer
      } catch (error) {
        // What was refused has changed nothing, and can be put right and sent again under the same key.
        await claim.release()
        throw error instanceof Problem ? error : new Error('A keyed request failed', { cause: error })
      }
  }
}

function toReplay({ status, mediaType, body }: StoredReply): Answer {
  return {
    status,
    body,
    headers: { 'content-type': mediaType, 'cache-control': 'no-store', 'idempotency-replayed': 'true' },
  }
}

function toStored({ secretMembers = [] }: Endpoint, { status, body, headers }: Answer): StoredReply {
  if (typeof body !== 'string') throw new Error('Only text can be answered again')
  const kept = secretMembers.length === 0 ? body : JSON.stringify(mask(JSON.parse(body), secretMembers))
  return { status, mediaType: String(headers['content-type'] ?? ''), body: kept }
}

function mask(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => mask(entry, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      names.includes(name) ? masked : mask(member, names),
    ]),
  )
}
