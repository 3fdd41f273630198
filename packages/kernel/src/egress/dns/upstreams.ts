import type { Clock } from '../../clock/index.ts'
import { readMachineNameServers, type NameServer } from './name-servers.ts'

/** A name server and when it last answered any question at all, on the monotonic clock. */
export type Upstream = NameServer & { answeredAtMs: number }

export type Upstreams = {
  /** All upstreams, the one to ask first in front. */
  readonly list: () => readonly Upstream[]
  /** Called when the upstream does not answer: another one is asked first from now on. */
  readonly demote: (upstream: Upstream) => void
}

const readAgainMs = 5_000

/**
 * `given` are the operator's own name servers. Without them the machine's are used, and read again when one does not
 * answer: the server may have started before the network, or moved to another one.
 */
export function createUpstreams(
  given: readonly NameServer[],
  clock: Clock,
  readServers: () => readonly NameServer[] = readMachineNameServers,
): Upstreams {
  let servers = given.length > 0 ? given : readServers()
  let upstreams = toUpstreams(servers)
  let readAtMs = clock.monotonic()

  const readAgain = (): void => {
    if (given.length > 0 || clock.monotonic() - readAtMs < readAgainMs) return
    readAtMs = clock.monotonic()
    const current = readServers()
    if (isSame(current, servers)) return
    servers = current
    upstreams = toUpstreams(current)
  }

  return {
    list: () => upstreams,
    demote: (upstream) => {
      if (upstreams[0] === upstream) upstreams = [...upstreams.slice(1), upstream]
      readAgain()
    },
  }
}

function toUpstreams(servers: readonly NameServer[]): readonly Upstream[] {
  return servers.map((server) => ({ ...server, answeredAtMs: Number.NEGATIVE_INFINITY }))
}

function isSame(left: readonly NameServer[], right: readonly NameServer[]): boolean {
  const isEqual = ({ address, port }: NameServer, index: number): boolean =>
    address === right[index]?.address && port === right[index].port
  return left.length === right.length && left.every(isEqual)
}
