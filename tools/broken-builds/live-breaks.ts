import type { Break } from './break.ts'

const test = 'packages/server/test/events-as-they-happen.net.test.ts'
const screens = 'packages/server/test/live-screens.browser.test.ts'

/** How streams of events, and the screens that follow them, could come to break their word. */
export const liveBreaks: readonly Break[] = [
  {
    promise: 'a-stream-tells-of-monitors-and-incidents-as-it-happens',
    broken: 'an incident that ends is told as one that changed',
    file: 'packages/server/src/services/uptime/migrations/0007_live.sql',
    find: "WHEN NEW.status = 'resolved' THEN 'incident.resolved'",
    replace: "WHEN NEW.status = 'resolved' THEN 'incident.created'",
    test,
  },
  {
    promise: 'a-stream-goes-on-after-its-last-event',
    broken: 'the first event that was missed is left out',
    file: 'packages/kernel/src/live/follow-live.ts',
    find: "else for (const event of missed) listener({ kind: 'event', ...event })",
    replace: "else for (const event of missed.slice(1)) listener({ kind: 'event', ...event })",
    test,
  },
  {
    promise: 'no-stream-tells-of-another-organisation',
    broken: 'all organisations share one feed',
    file: 'packages/kernel/src/live/follow-live.ts',
    find: 'const feed = feeds.get(orgId) ?? openFeed()',
    replace: 'const feed = [...feeds.values()][0] ?? openFeed()',
    test,
  },
  {
    promise: 'a-stream-ends-with-what-opened-it',
    broken: 'nobody asks whether a session still stands',
    file: 'packages/server/src/http/open-sockets.ts',
    find: "else if (stands === false) socket.close(socketCloses.keyGone, 'the session is over')",
    replace: '',
    test,
  },
  {
    promise: 'a-screen-hears-which-of-its-topics-changed',
    broken: 'which ones changed is left out',
    file: 'packages/server/src/platform/handlers/live-handlers.ts',
    find: "told.kind === 'event' ? told.subject : undefined",
    replace: 'undefined',
    test,
  },
  {
    promise: 'streams-of-one-person-are-bounded',
    broken: 'streams are not counted',
    file: 'packages/server/src/http/event-streams.ts',
    find: 'count(own, 1)',
    replace: 'count(own, -1)',
    test,
  },
  {
    promise: 'a-listener-outlives-the-database',
    broken: 'a client that was cut begins with what happens from then on',
    file: 'packages/sdk/src/live-events.ts',
    find: 'lastEventId = frame.id ?? lastEventId',
    replace: 'lastEventId = undefined',
    test,
  },
  {
    promise: 'a-listener-that-reads-nothing-is-cut',
    broken: 'what is not read is kept without bounds',
    file: 'packages/server/src/http/event-streams.ts',
    find: 'if (stream.readableLength > figures.unreadBytesMax) stream.destroy()',
    replace: 'if (stream.readableLength < 0) stream.destroy()',
    test: 'packages/server/src/http/event-streams.test.ts',
  },
  {
    promise: 'a-change-is-on-the-screen-without-a-reload',
    broken: 'what is told is not asked for',
    file: 'packages/dashboard/src/live/live-stream.ts',
    find: 'return askAgain(queries, event.data.changes)',
    replace: 'return undefined',
    test: screens,
  },
  {
    promise: 'a-stream-that-was-lost-goes-on',
    broken: 'what happened while nobody listened is not asked for',
    file: 'packages/dashboard/src/live/live-stream.ts',
    find: "if (!isFirst) askAgain(queries, 'everything')",
    replace: '',
    test: screens,
  },
  {
    promise: 'destinations-are-told-as-they-change',
    broken: 'the list of destinations is about nothing that is told',
    file: 'packages/dashboard/src/alerts/alert-calls.ts',
    find: "...useLive(['channels'], idleMs)",
    replace: '...useLive([], idleMs)',
    test: screens,
  },
  {
    promise: 'who-has-an-incident-is-seen-by-others',
    broken: 'a new holder is no news',
    file: 'packages/server/src/services/uptime/migrations/0013_assignees.sql',
    find: 'IS DISTINCT FROM (NEW.status, NEW.severity, NEW.impact, NEW.visibility, NEW.title, NEW.cause, NEW.assignee_id)',
    replace:
      'IS DISTINCT FROM (NEW.status, NEW.severity, NEW.impact, NEW.visibility, NEW.title, NEW.cause, OLD.assignee_id)',
    test: screens,
  },
  {
    promise: 'a-screen-costs-at-most-three-calls',
    broken: 'a checklist that was done is asked for again',
    file: 'packages/dashboard/src/overview/first-run.tsx',
    find: 'useKnown(isBehind ? steps : skipped)',
    replace: 'useKnown(skipped)',
    test: screens,
  },
]
