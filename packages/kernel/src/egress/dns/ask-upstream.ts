import { randomInt } from 'node:crypto'
import { toNetworkFailure } from '../network-failure.ts'
import { askByTcp, BrokenReplyError } from './ask-by-tcp.ts'
import { askByUdp, type Exchange } from './ask-by-udp.ts'
import { decodeReply, encodeQuery, type Question, type Reply } from './dns-message.ts'
import type { NameServer } from './name-servers.ts'

/**
 * The result of one query. `silent`: no answer in time; `unreachable`: the server cannot be contacted, which is known
 * sooner.
 */
export type Outcome =
  | Exclude<Reply, { readonly kind: 'truncated' }>
  | { readonly kind: 'silent' | 'unreachable' }

/**
 * Sends one query to a server: over TCP when the UDP reply is truncated, and without EDNS when the server does not
 * support it.
 */
export async function askUpstream(
  server: NameServer,
  question: Question,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  const timer = setTimeout(stop, timeoutMs)
  signal.addEventListener('abort', stop)
  try {
    return await converse(server, question, controller.signal)
  } catch (error) {
    signal.throwIfAborted()
    if (controller.signal.aborted) return { kind: 'silent' }
    if (!(error instanceof BrokenReplyError) && toNetworkFailure(error) === undefined) throw error
    const oversized = error instanceof BrokenReplyError && error.reason === 'oversized'
    return oversized ? { kind: 'failed', code: 'EBADRESP' } : { kind: 'unreachable' }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

async function converse(server: NameServer, question: Question, signal: AbortSignal): Promise<Outcome> {
  const first = await exchange(server, question, true, signal)
  const plain = first.kind === 'failed' && (first.code === 'EFORMERR' || first.code === 'ENOTIMP')
  return plain ? exchange(server, question, false, signal) : first
}

async function exchange(
  server: NameServer,
  question: Question,
  edns: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  const ask = (by: <T>(exchange: Exchange<T>) => Promise<T>): Promise<Reply> => {
    const id = randomInt(0x10000)
    const read = (message: Buffer): Reply | undefined => decodeReply(message, id, question)
    return by({ server, query: encodeQuery(id, question, edns), read, signal })
  }
  const reply = await ask(askByUdp)
  if (reply.kind !== 'truncated') return reply
  const whole = await ask(askByTcp)
  if (whole.kind === 'truncated') throw new BrokenReplyError('ended')
  return whole
}
