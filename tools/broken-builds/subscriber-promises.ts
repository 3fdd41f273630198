/** What status pages promise those who subscribe to them, and those whose pages they are. */
export const subscriberPromises = [
  'a-feed-key-opens-the-feeds-alone',
  'a-subscription-is-confirmed-by-its-mailbox',
  'subscribing-says-nothing-of-addresses',
  'a-hidden-page-takes-no-subscriber',
  'unsubscribing-is-one-click-and-final',
  'a-page-takes-as-many-as-its-plan-allows',
  'subscribers-belong-to-their-page',
  'subscribers-are-told-once',
  'subscribers-are-told-what-the-page-shows',
  'who-was-told-is-told-of-the-end',
  'outsiders-hear-nothing-of-a-page-of-members',
  'maintenance-is-told-ahead-at-its-start-and-its-end',
  'who-knows-of-maintenance-learns-what-becomes-of-it',
  'a-webhook-subscribes-by-returning-the-challenge',
  'people-follow-a-page-without-a-script',
] as const
