import type { Query } from '@tanstack/react-query'

export type Topic =
  | 'alerts'
  | 'channels'
  | 'checks'
  | 'claims'
  | 'decisions'
  | 'incidents'
  | 'maintenance'
  | 'monitors'
  | 'notices'
  | 'pages'
  | 'regimes'
  | 'webhooks'

/** The topic of a query: all of it, or one item. */
export type About = Topic | { readonly topic: Topic; readonly id: string }

/** Whether a query concerns a changed topic; without a change, whether it concerns any live topic. */
export function isTopicOf(
  { meta }: Pick<Query, 'meta'>,
  change?: { readonly topic: string; readonly ids?: readonly string[] },
): boolean {
  const about = readAbout(meta)
  if (change === undefined) return about.length > 0
  return about.some((one) =>
    typeof one === 'string'
      ? one === change.topic
      : one.topic === change.topic && (change.ids === undefined || change.ids.includes(one.id)),
  )
}

function readAbout(meta: Query['meta']): readonly About[] {
  // Safe: only `useLive` writes it.
  return (meta?.['about'] ?? []) as readonly About[]
}
