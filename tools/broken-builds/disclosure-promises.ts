/** What becomes of weaknesses that are reported, and of incidents. */
export const disclosurePromises = [
  'a-failed-claim-opens-one-incident',
  'customers-are-told-within-72-hours',
  'an-incident-is-its-audit-entries',
  'public-reports-are-pages-without-a-script',
  'weaknesses-are-reported-without-an-account',
  'reports-are-acknowledged-within-48-hours',
  'critical-reports-have-seven-days',
  'report-text-is-sealed-at-rest',
  'reporters-follow-their-case',
  'reports-travel-encrypted',
  'security-text-is-valid-and-renews-itself',
] as const
