/** What the screens of monitors promise. */
export const monitorScreenPromises = [
  'the-form-of-a-monitor-offers-all-that-the-server-takes',
  'the-form-foretells-what-the-server-says',
  'a-monitor-is-changed-where-it-is-seen',
  'every-reason-is-said-in-both-languages',
  'why-it-is-down-is-read-in-ones-own-language',
  'what-came-of-a-delivery-is-said-in-both-languages',
  'a-cause-has-its-code-until-a-person-writes-another',
  'a-notice-says-why-in-its-language',
  'an-incident-is-given-to-a-member',
  'whoever-acknowledges-what-nobody-has-has-it',
  'response-times-are-what-the-results-say',
  'response-times-are-drawn-by-phase',
  'a-deed-can-be-taken-back',
  'a-list-in-pages-skips-nothing',
  'several-monitors-change-together-or-not-at-all',
  'ten-thousand-monitors-are-worked-with',
] as const
