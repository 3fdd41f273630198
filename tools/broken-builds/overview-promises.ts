/** What the screens promise that are of no service alone. */
export const overviewPromises = [
  'posture-is-read-where-one-is-signed-in',
  'clocks-of-the-operator-run-in-sight',
  'a-security-notice-stays-until-it-is-read',
  'an-overview-says-what-is-wrong-first',
  'the-first-run-is-a-checklist-that-works',
  'a-first-alert-takes-one-screen',
] as const
