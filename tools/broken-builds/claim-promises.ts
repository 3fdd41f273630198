/** What the sentences of the security page promise of themselves. */
export const claimPromises = [
  'every-seed-sentence-is-covered',
  'no claim answers a sentence that there is not',
  'what is stated names a document of the repository and a day to look at it again',
  'every claim speaks English and Japanese, by an id of its own',
  'every-owasp-risk-is-answered',
] as const
