import type { Break } from './break.ts'

const uptime = 'packages/server/src/services/uptime'
const subscriptions = `${uptime}/usecases/subscriptions.db.test.ts`
const maintenance = `${uptime}/jobs/subscriber-maintenance.db.test.ts`
const webhooks = `${uptime}/usecases/webhook-subscriptions.db.test.ts`
const notices = `${uptime}/jobs/subscriber-notices.db.test.ts`

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
  {
    promise: 'a-subscription-is-confirmed-by-its-mailbox',
    broken: 'a link is good for ever',
    file: `${uptime}/usecases/answer-invitation.ts`,
    find: "return (subscriber.expiresAtMs ?? 0) > nowMs ? 'open' : 'ended'",
    replace: "return (subscriber.expiresAtMs ?? nowMs) > 0 ? 'open' : 'ended'",
    test: subscriptions,
  },
  {
    promise: 'subscribing-says-nothing-of-addresses',
    broken: 'who asks for a known address is answered by its mailbox',
    file: `${uptime}/domain/subscription.ts`,
    find: "  if (known.confirmedAtMs !== null) return { kind: 'quiet' }\n",
    replace: '',
    test: subscriptions,
  },
  {
    promise: 'a-hidden-page-takes-no-subscriber',
    broken: 'a page of members asks for a password that it has not',
    file: `${uptime}/handlers/subscriber-handlers.ts`,
    find: 'if (!(await cache.isLocked(request))) return',
    replace: "if (!(await cache.isLocked(request)) && request.slug === 'nowhere') return",
    test: subscriptions,
  },
  {
    promise: 'a-hidden-page-takes-no-subscriber',
    broken: 'a program learns that a page of members is there',
    file: `${uptime}/handlers/subscriber-handlers.ts`,
    find: '        throw problems.NOT_FOUND()\n      }\n      try {',
    replace:
      "        throw problems.NOT_FOUND(input.params.slug === 'inner' ? { detail: 'x' } : {})\n      }\n      try {",
    test: 'packages/server/test/status-page-subscriptions.net.test.ts',
  },
  {
    promise: 'unsubscribing-is-one-click-and-final',
    broken: 'the press is recorded, and the mails go on',
    file: `${uptime}/usecases/answer-invitation.ts`,
    find: '    await deleteSubscriber(tx, id)\n',
    replace: '',
    test: notices,
  },
  {
    promise: 'a-page-takes-as-many-as-its-plan-allows',
    broken: 'a press finds room where there is none',
    file: `${uptime}/usecases/answer-invitation.ts`,
    find: 'confirmed >= subscribersMax',
    replace: 'confirmed > subscribersMax',
    test: subscriptions,
  },
  {
    promise: 'subscribers-belong-to-their-page',
    broken: 'the audit log keeps whose address was removed',
    file: `${uptime}/usecases/list-subscribers.ts`,
    find: '        detail: { subscriberId },',
    replace: '        detail: { subscriberId, address: subscriber.address },',
    test: subscriptions,
  },
  {
    promise: 'subscribers-are-told-once',
    broken: 'an update that nobody was to be told is told',
    file: `${uptime}/usecases/add-incident-update.ts`,
    find: 'if (notifySubscribers) await',
    replace: 'await',
    test: notices,
  },
  {
    promise: 'subscribers-are-told-what-the-page-shows',
    broken: 'incidents of hidden components are told',
    file: `${uptime}/store/subscriber-notice-store.ts`,
    find: ' && row.hidden !== true',
    replace: '',
    test: notices,
  },
  {
    promise: 'who-was-told-is-told-of-the-end',
    broken: 'what was hidden meanwhile stays open for those who know of it',
    file: `${uptime}/jobs/tell-subscribers.ts`,
    find: "if (!isForAll && event !== 'incident.resolved') return",
    replace: 'if (!isForAll) return',
    test: notices,
  },
  {
    promise: 'outsiders-hear-nothing-of-a-page-of-members',
    broken: 'whoever once subscribed is told of it',
    file: `${uptime}/jobs/subscriber-queue.ts`,
    find: 'if (membersOnly && ',
    replace: "if (orgId === '' && membersOnly && ",
    test: notices,
  },
  {
    promise: 'maintenance-is-told-ahead-at-its-start-and-its-end',
    broken: 'a job that runs twice announces it twice',
    file: `${uptime}/jobs/notices.ts`,
    find: 'const occurrence = `${window.startsAtMs}-${window.endsAtMs}`',
    replace: 'const occurrence = `${window.startsAtMs}-${Math.random()}`',
    test: maintenance,
  },
  {
    promise: 'who-knows-of-maintenance-learns-what-becomes-of-it',
    broken: 'everybody is told that something will not be of which nobody knew',
    file: `${uptime}/jobs/tell-subscribers.ts`,
    find: "event === 'maintenance.cancelled'\n        ? { toldOf: id, serviceId }",
    replace: 'event.length === 0\n        ? { toldOf: id, serviceId }',
    test: maintenance,
  },
  {
    promise: 'a-webhook-subscribes-by-returning-the-challenge',
    broken: 'whatever answers is a subscriber',
    file: `${uptime}/domain/challenge.ts`,
    find: 'if (answer.trim() === challenge) return true',
    replace: 'if (answer !== challenge) return true',
    test: webhooks,
  },
  {
    promise: 'a-webhook-subscribes-by-returning-the-challenge',
    broken: 'a receiver cannot tell a second attempt from another notice',
    file: `${uptime}/jobs/subscriber-queue.ts`,
    find: 'const message = { id: toOwnId(id, subscriber), timestampSeconds',
    replace: 'const message = { id: `${id}.${context.nowMs}`, timestampSeconds',
    test: webhooks,
  },
  {
    promise: 'people-follow-a-page-without-a-script',
    broken: 'whoever sees the editor is shown who follows the page',
    file: 'packages/dashboard/src/pages/status-page-page.tsx',
    find: "person?.role === 'owner' ? <PageSubscribers",
    replace: 'person !== undefined ? <PageSubscribers',
    test: 'packages/server/test/alerts.browser.test.ts',
  },
]
