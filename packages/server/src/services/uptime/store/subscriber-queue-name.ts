/**
 * The queues of what subscribers of status pages are told. Strangers subscribe webhooks, and one that answers slowly keeps no
 * mail waiting.
 */
export const subscriberQueueNames = { email: 'subscribers', webhook: 'subscriber-webhooks' } as const

export const subscriberQueues = Object.values(subscriberQueueNames)
