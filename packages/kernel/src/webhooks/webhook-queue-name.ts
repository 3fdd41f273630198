/** The queue of the kernel's delivery that holds the events for endpoints. */
export const webhookQueueName = 'webhooks'
