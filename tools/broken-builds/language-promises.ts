/** What is promised to people who read Japanese, or are told how something ended. */
export const languagePromises = [
  'japanese-screens-speak-japanese',
  'refusals-are-said-in-japanese',
  'spans-are-said-in-both-languages',
  'a-check-that-gave-no-result-says-why-in-both-languages',
  'a-paused-monitor-is-not-back',
  'several-monitors-are-named-in-words',
] as const
