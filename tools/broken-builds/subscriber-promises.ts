/** What status pages promise those who subscribe to them, and those whose pages they are. */
export const subscriberPromises = ['a-feed-key-opens-the-feeds-alone'] as const
