/** What the screens promise by which an organisation speaks to its customers. */
export const customerPromises = [
  'nothing-becomes-public-unlisted',
  'the-preview-is-the-page',
  'an-incident-says-who-has-it-and-what-was-said',
  'an-incident-can-be-opened-by-hand',
  'a-written-incident-claims-no-outage',
  'maintenance-is-planned-where-it-is-seen',
  'planned-maintenance-begins-by-itself',
  'maintenance-recurs-like-any-other',
  'recurring-maintenance-keeps-its-hour',
  'recurring-maintenance-is-planned-in-words',
  'the-end-of-maintenance-is-told',
  'less-than-90-days-is-said',
] as const
