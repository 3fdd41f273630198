import type { Break } from './break.ts'

const uptime = 'packages/server/src/services/uptime'

/** How each promise to subscribers of status pages could come to be broken. */
export const subscriberBreaks: readonly Break[] = [
  {
    promise: 'a-feed-key-opens-the-feeds-alone',
    broken: 'the former key goes on reading the feeds',
    file: `${uptime}/store/service-store.ts`,
    find: '.set({ feed_key_digest: digest, sealed_feed_key: sealed })',
    replace: '.set({ feed_key_digest: sql`coalesce(feed_key_digest, ${digest})`, sealed_feed_key: sealed })',
    test: `${uptime}/usecases/page-password.db.test.ts`,
  },
]
