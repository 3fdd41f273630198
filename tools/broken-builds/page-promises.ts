/** What status pages promise those who make them, and those who read them. */
export const pagePromises = [
  'a-page-is-arranged-as-a-whole',
  'a-monitor-always-has-a-component',
  'what-is-hidden-is-nowhere-public',
  'sections-are-read-in-order',
  'a-page-without-components-claims-nothing',
  'an-arrangement-is-seen-before-it-is-saved',
  'a-logo-is-what-it-holds',
  'a-logo-is-shown-replaced-and-removed',
  'one-rule-decides-who-sees-a-page',
  'a-password-opens-one-page',
  'a-locked-page-tells-nothing',
  'a-link-lets-one-member-in',
  'what-hangs-on-a-page-is-read-like-the-page',
  'maintenance-is-in-the-calendar',
  'incidents-are-in-the-feed',
  'the-banner-says-since-when',
] as const
