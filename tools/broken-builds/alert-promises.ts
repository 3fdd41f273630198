/** What is promised of who is told, when, and whether it arrived; and of all that is looked at. */
export const alertPromises = [
  'notices-wait-for-active-hours',
  'a-notice-can-be-sent-again',
  'a-notice-tells-what-to-get-up-for',
  'a-destination-is-made-tried-and-followed',
  'a-security-incident-is-led-to-its-end',
  'the-figures-of-the-readme-were-measured',
] as const
