/** The queue of what subscribers of status pages are told. */
export const subscriberQueueName = 'subscribers'
