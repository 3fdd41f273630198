/** How a person wants to be shown things, and where that holds. */
export const accountPromises = [
  'preferences-are-kept-in-the-account',
  'every-time-is-shown-in-the-chosen-zone',
  'times-are-entered-in-the-chosen-zone',
  'times-in-mails-are-those-of-the-reader',
  'usage-is-of-programs',
] as const
