/** What becomes of weaknesses that are reported, and of incidents. */
export const disclosurePromises = [
  'a-failed-claim-opens-one-incident',
  'customers-are-told-within-72-hours',
  'an-incident-is-its-audit-entries',
] as const
