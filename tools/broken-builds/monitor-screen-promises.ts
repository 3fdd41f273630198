/** What the screens of monitors promise. */
export const monitorScreenPromises = [
  'the-form-of-a-monitor-offers-all-that-the-server-takes',
  'the-form-foretells-what-the-server-says',
  'a-monitor-is-changed-where-it-is-seen',
  'an-incident-is-given-to-a-member',
  'whoever-acknowledges-what-nobody-has-has-it',
  'response-times-are-what-the-results-say',
  'response-times-are-drawn-by-phase',
  'a-deed-can-be-taken-back',
  'a-list-in-pages-skips-nothing',
  'several-monitors-change-together-or-not-at-all',
  'ten-thousand-monitors-are-worked-with',
] as const
