/** What the calendar of maintenance promises. */
export const calendarPromises = [
  'each-time-of-maintenance-is-in-its-month',
  'a-month-is-laid-out-by-the-clocks-of-the-reader',
  'a-month-of-maintenance-is-walked-by-keyboard',
] as const
