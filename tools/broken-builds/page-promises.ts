/** What status pages promise those who make them, and those who read them. */
export const pagePromises = [
  'a-page-is-arranged-as-a-whole',
  'a-monitor-always-has-a-component',
  'what-is-hidden-is-nowhere-public',
  'sections-are-read-in-order',
] as const
