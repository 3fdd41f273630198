import { settleTogether } from '@gatehouse/kernel/db'
import { type Endpoint, provesIdentity } from '@gatehouse/kernel/endpoint'
import { claimRequest, type IdempotencyDeps, type StoredReply } from '@gatehouse/kernel/idempotency'
import { Problem } from '@gatehouse/kernel/problem'
import type { IdempotencyPolicy } from '../service/define-service.ts'
import type { Answer } from './answer.ts'
import type { Caller } from './authenticate.ts'
import { problems } from './problems.ts'

export const usualIdempotency: IdempotencyPolicy = {
  methods: ['POST'],
  keyPattern: /^[\x21-\x7e]{1,255}$/,
  keyForm: '1 to 255 visible ASCII characters',
  masked: '***',
}

/**
 * Replays the answer of an earlier request with the same `Idempotency-Key`, without repeating its effect (H9). Secrets
 * were shown once, so a replay masks them. For a request that proves somebody's identity nothing is stored (V4).
 */
export async function answerOnce(
  deps: IdempotencyDeps,
  endpoint: Endpoint,
  { keyPattern, keyForm, masked }: IdempotencyPolicy,
  caller: Caller,
  key: string | undefined,
  input: unknown,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (key === undefined || caller.kind === 'visitor') return work()
  // Streamed requests and replies cannot be compared or stored.
  if (endpoint.textBody === true || endpoint.streamedBody !== undefined || !('schema' in endpoint.reply))
    return work()
  if (provesIdentity(endpoint)) return work()
  if (!keyPattern.test(key))
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'Idempotency-Key', message: `must be ${keyForm}` }],
    })
  const subject = subjectOf(caller)
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
      throw busy()
    case 'first':
      try {
        // Decisions that belong to a refusal are kept, such as the count of a wrong password.
        return await settleTogether(
          deps,
          caller,
          work,
          async (tx, answer) => {
            if (!(await claim.settle(tx, toStored(endpoint, answer, masked)))) throw busy()
          },
          (error) => error instanceof Problem,
        )
      } catch (error) {
        // A refused request has changed nothing, so it may be corrected and sent again under the same key.
        await claim.release()
        throw error instanceof Problem ? error : new Error('A keyed request failed', { cause: error })
      }
  }
}

/** The id of the caller. */
function subjectOf(caller: Exclude<Caller, { readonly kind: 'visitor' }>): string {
  switch (caller.kind) {
    case 'key':
      return caller.keyId
    case 'link':
      return caller.linkId
    case 'master':
      return caller.secret
    case 'member':
      return caller.userId
  }
}

function busy(): Problem {
  return problems.IDEMPOTENCY_KEY_BUSY({
    detail: 'Idempotency-Key: the first request under this key is not answered yet',
    retryAfterSeconds: 1,
  })
}

function toReplay({ status, mediaType, body }: StoredReply): Answer {
  return {
    status,
    body,
    headers: { 'content-type': mediaType, 'cache-control': 'no-store', 'idempotency-replayed': 'true' },
  }
}

function toStored(
  { secretMembers = [], replayedAs }: Endpoint,
  { status, body, headers }: Answer,
  masked: string | null,
): StoredReply {
  if (typeof body !== 'string') throw new Error('Only text can be answered again')
  const isSame = secretMembers.length === 0 && replayedAs === undefined
  // Safe: a reply is an object.
  const kept = isSame
    ? body
    : JSON.stringify({ ...(mask(JSON.parse(body), secretMembers, masked) as object), ...replayedAs })
  return { status, mediaType: String(headers['content-type'] ?? ''), body: kept }
}

function mask(value: unknown, names: readonly string[], masked: string | null): unknown {
  if (Array.isArray(value)) return value.map((entry) => mask(entry, names, masked))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      names.includes(name) ? masked : mask(member, names, masked),
    ]),
  )
}
