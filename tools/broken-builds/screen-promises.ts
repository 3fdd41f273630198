/** What the screens of oversight and volatility promise, and what they ask for it. */
export const screenPromises = [
  'imports-are-found-again',
  'the-board-agrees-with-each-symbol',
  'a-preview-says-what-a-saved-preset-would',
  'the-board-shows-every-regime-at-once',
  'the-organisation-is-led-by-team-gain',
  'a-person-leaves-from-their-own-page',
  'refused-calls-are-searched',
  'refused-calls-are-said-in-words',
  'a-key-is-limited-to-symbols',
  'exercises-are-offered-as-practice',
  'exercises-are-said-in-both-languages',
  'an-erased-person-is-not-one-who-never-was',
  'a-decision-is-decided-where-it-is-seen',
  'every-member-operation-has-a-screen',
  'a-screen-asks-what-it-says',
] as const
