import type { Incident } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useLive } from '../live/use-live.ts'
import { decisions } from '../oversight/oversight-calls.ts'
import { readPosture } from '../posture/posture-calls.ts'
import { gatehouse, usePerson } from '../session.ts'
import { overviewWords as says } from '../words/overview-words.ts'
import { ofDecisions, ofFeeds, ofIncidents, ofPosture, toUnknown, type Trouble } from './to-troubles.ts'

const everyMs = 30_000
const postureEveryMs = 60_000
const listMax = 100

export type Seen = {
  readonly troubles: readonly Trouble[]
  /** Parts that could not be read, so that their state is unknown. */
  readonly unread: readonly string[]
  /** Texts about things that were not checked yet. */
  readonly unknown: readonly string[]
  readonly isPending: boolean
  /** Absent as long as they could not be read. */
  readonly incidents: readonly Incident[] | undefined
}

/** The problems in all services that the organisation has keys for; other services are not queried. */
export function useTroubles(): Seen {
  const isMember = usePerson()?.role !== 'viewer'
  const incidents = useQuery({
    queryKey: ['incidents'],
    queryFn: ({ signal }) => gatehouse.uptime.incidents.list({ limit: listMax }, { signal }),
    ...useLive(['incidents'], everyMs),
  })
  const posture = useQuery({
    queryKey: ['posture'],
    queryFn: readPosture,
    ...useLive(['claims'], postureEveryMs),
  })
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => gatehouse.platform.apiKeys.list({ signal }),
  })
  const uses = (name: string): boolean => keys.data?.some(({ service }) => service === name) === true
  const asksDecisions = isMember && uses('oversight')
  const queue = useQuery({
    queryKey: ['decision-queue', 'overview'],
    queryFn: ({ signal }) => decisions.queue({ limit: listMax }, { signal }),
    enabled: asksDecisions,
    ...useLive(['decisions'], everyMs),
  })
  const asksFeeds = uses('volatility')
  const feeds = useQuery({
    queryKey: ['feed-states'],
    queryFn: ({ signal }) => gatehouse.volatility.getStatus({ signal }),
    enabled: asksFeeds,
    ...useLive(['regimes'], everyMs),
  })
  const asked = [
    { name: says.parts.incidents, query: incidents },
    { name: says.parts.posture, query: posture },
    { name: says.parts.keys, query: keys },
    ...(asksDecisions ? [{ name: says.parts.decisions, query: queue }] : []),
    ...(asksFeeds ? [{ name: says.parts.feeds, query: feeds }] : []),
  ]
  return {
    troubles: [
      ...(incidents.data === undefined ? [] : ofIncidents(incidents.data.incidents)),
      ...(posture.data === undefined ? [] : ofPosture(posture.data)),
      ...(asksDecisions && queue.data !== undefined ? ofDecisions(queue.data.decisions, Date.now()) : []),
      ...(asksFeeds && feeds.data !== undefined ? ofFeeds(feeds.data.venues) : []),
    ],
    unread: asked.filter(({ query }) => query.isError).map(({ name }) => name),
    unknown: posture.data === undefined ? [] : toUnknown(posture.data),
    isPending: asked.some(({ query }) => query.isPending),
    incidents: incidents.data?.incidents,
  }
}
