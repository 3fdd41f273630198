/** What is promised to people who read Japanese, or are told how something ended. */
export const languagePromises = [
  'japanese-screens-speak-japanese',
  'screens-speak-to-people',
  'refusals-are-said-in-japanese',
  'faults-of-a-chain-are-said-in-japanese',
  'every-action-of-the-audit-log-has-words',
  'every-event-has-words',
  'every-scope-has-words',
  'every-refusal-has-words',
  'figures-of-probes-are-said-in-words',
  'spans-are-said-in-both-languages',
  'a-check-that-gave-no-result-says-why-in-both-languages',
  'a-paused-monitor-is-not-back',
  'several-monitors-are-named-in-words',
] as const
