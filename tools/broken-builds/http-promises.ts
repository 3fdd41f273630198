/** What the HTTP surface promises. */
export const httpPromises = [
  'every-byte-comes-from-the-pipeline',
  'no-body-holds-up-the-others',
  'an-empty-object-is-no-body',
  'a-caller-behind-a-proxy-is-counted-by-its-address',
  'a-stop-waits-for-answers-alone',
  'keys-in-urls-are-refused-unless-switched-on-and-never-recorded',
  'an-outage-is-503',
  'no-call-is-lost-while-the-database-answers',
  'no-text-becomes-markup',
  'large-json-is-compressed',
  'tools-follow-the-keys-scopes',
  'control-tokens-are-refused-in-every-argument',
  'a preview says what would change, and changes nothing',
  'tools-that-belong-together-are-one',
  'a-refused-reader-is-told-what-to-do-and-when',
  'a-browser-that-is-refused-gets-a-page',
] as const
