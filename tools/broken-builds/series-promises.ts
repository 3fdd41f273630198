/** What becomes of what venues tell. */
export const seriesPromises = [
  'accepted-bars-never-change',
  'a-former-owner-cannot-write',
  'no-bar-is-lost-or-doubled',
  'anonymous-calls-stop-at-sixty',
  'feed-moves-to-another-node-within-ten-seconds',
  'stale-feeds-say-so-and-recover',
  'the-board-fills-without-a-network',
  'operator-symbols-are-checked-before-their-feed-starts',
  'what came too late is folded in, as if it had come in time',
  'from the checkpoint on, where the first minutes are no longer kept',
  'a bar waits for the tables of its day, and is told with them',
  'simulator-lag-against-the-true-switch',
  'an-export-that-nobody-reads-is-cut-after-a-minute',
  'a-range-that-takes-too-long-says-what-fits',
  'webhooks-reach-no-forbidden-target',
] as const
