import { connect, type Socket } from 'node:net'
import type { Attempt } from './attempt.ts'
import { EgressError } from './egress-error.ts'
import { toErrorCode, toNetworkFailure } from './network-failure.ts'

/** Connects to the first address that answers; each gets an equal share of the time that is left. */
export async function dial(
  attempt: Attempt,
  addresses: readonly string[],
  port: number,
  { timeoutMs, from }: { readonly timeoutMs: number; readonly from: string | undefined },
): Promise<Socket> {
  attempt.begin()
  const failures: EgressError[] = []
  for (const [index, address] of addresses.entries()) {
    const shareMs = attempt.remainingMs(timeoutMs) / (addresses.length - index)
    try {
      const socket = await dialAddress(attempt, address, port, { timeoutMs: shareMs, from })
      attempt.finish('connectMs')
      return socket
    } catch (error) {
      if (attempt.signal.aborted || !(error instanceof EgressError)) throw error
      failures.push(error)
    }
  }
  // A missing route, which is often all of IPv6, says less than the failure of another address.
  const telling = failures.findLast(({ code }) => code !== 'network_unreachable') ?? failures.at(-1)
  throw telling ?? new Error('There was no address to dial')
}

function dialAddress(
  attempt: Attempt,
  address: string,
  port: number,
  { timeoutMs, from }: { readonly timeoutMs: number; readonly from: string | undefined },
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({
    host: address,
    port,
    noDelay: true,
    ...(from === undefined ? {} : { localAddress: from }),
  })
  const settle = (): void => {
    clearTimeout(timer)
    attempt.signal.removeEventListener('abort', timeOut)
  }
  const timeOut = (): void => {
    settle()
    socket.destroy()
    reject(attempt.interruption('connect_timeout', { remoteAddress: address }))
  }
  const timer = setTimeout(timeOut, timeoutMs)
  attempt.signal.addEventListener('abort', timeOut)
  socket.once('connect', () => {
    settle()
    resolve(socket)
  })
  // The listener stays: an error of the socket before its new owner listens must not end the process.
  socket.on('error', (error) => {
    settle()
    reject(toDialFailure(attempt, address, error))
  })
  if (attempt.signal.aborted) timeOut()
  return promise
}

function toDialFailure(attempt: Attempt, address: string, error: Error): Error {
  // Without IPv6 there is no local address to dial from; on IPv4 the same code means that the local ports are
  // exhausted.
  const noIpv6 = toErrorCode(error) === 'EADDRNOTAVAIL' && address.includes(':')
  const code = noIpv6 ? 'network_unreachable' : toNetworkFailure(error)
  if (code !== undefined) return attempt.failure(code, { remoteAddress: address, cause: error })
  return new Error('An outbound socket could not be opened', { cause: error })
}
