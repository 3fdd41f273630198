import type { Break } from './break.ts'

/** How people could be woken for nothing, or not be told at all. */
export const alertBreaks: readonly Break[] = [
  {
    promise: 'notices-wait-for-active-hours',
    broken: 'hours are asked for, kept, and not looked at',
    file: 'packages/server/src/services/uptime/jobs/queue-notice.ts',
    find: 'return activeHours === null ? readyMs : nextActive(activeHours, readyMs)',
    replace: 'return activeHours === null ? readyMs : Math.min(readyMs, nextActive(activeHours, readyMs))',
    test: 'packages/server/src/services/uptime/jobs/alert-rules.db.test.ts',
  },
  {
    promise: 'a-notice-can-be-sent-again',
    broken: 'that an incident began is news after somebody has taken it',
    file: 'packages/server/src/services/uptime/usecases/resend-delivery.ts',
    find: "if (incident?.status !== 'ongoing')",
    replace: 'if (incident === undefined)',
    test: 'packages/server/src/services/uptime/jobs/alert-rules.db.test.ts',
  },
  {
    promise: 'a-notice-tells-what-to-get-up-for',
    broken: 'whatever a mail tells looks alike',
    file: 'packages/server/src/services/uptime/destinations/render-notice-mail.ts',
    find: 'mailStyles.state[tone]',
    replace: 'mailStyles.state.unknown',
    test: 'packages/server/src/services/uptime/jobs/deliver.db.test.ts',
  },
  {
    promise: 'a-notice-tells-what-to-get-up-for',
    broken: 'a reminder is told by the name of its event',
    file: 'packages/server/src/services/uptime/destinations/notice-text.ts',
    find: "    case 'incident.reminder': {\n",
    replace: "    case 'incident.unknown': {\n",
    test: 'packages/server/src/services/uptime/destinations/notice-text.test.ts',
  },
  {
    promise: 'a-destination-is-made-tried-and-followed',
    broken: 'the log says that a notice is on its way again, and sends nothing',
    file: 'packages/dashboard/src/alerts/notice-panel.tsx',
    find: 'mutationFn: () => gatehouse.uptime.channels.resend(delivery.channelId, delivery.id),',
    replace: 'mutationFn: async () => undefined,',
    test: 'packages/server/test/alerts.browser.test.ts',
  },
  {
    promise: 'a-security-incident-is-led-to-its-end',
    broken: 'what touches nobody is sent as not known',
    file: 'packages/dashboard/src/admin/incident-steps.tsx',
    find: "scope === 'none' ? [] : scope",
    replace: "scope === 'none' ? 'unknown' : scope",
    test: 'packages/server/test/instance-security.browser.test.ts',
  },
  {
    promise: 'the-figures-of-the-readme-were-measured',
    broken: 'the README tells of a faster gate than the one that was measured',
    file: 'README.md',
    find: '| 14,740 |',
    replace: '| 24,740 |',
    test: 'packages/server/test/readme-figures.test.ts',
  },
]
