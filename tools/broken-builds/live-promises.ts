/** What streams of events, and the screens that follow them, promise. */
export const livePromises = [
  'a-stream-tells-of-monitors-and-incidents-as-it-happens',
  'a-stream-goes-on-after-its-last-event',
  'no-stream-tells-of-another-organisation',
  'a-stream-ends-with-what-opened-it',
  'a-screen-hears-which-of-its-topics-changed',
  'streams-of-one-person-are-bounded',
  'a-listener-outlives-the-database',
  'a-listener-that-reads-nothing-is-cut',
  'a-change-is-on-the-screen-without-a-reload',
  'a-stream-that-was-lost-goes-on',
  'a-restart-is-survived',
  'a-stream-tells-what-another-node-did',
  'destinations-are-told-as-they-change',
  'who-has-an-incident-is-seen-by-others',
  'a-screen-costs-at-most-three-calls',
] as const
