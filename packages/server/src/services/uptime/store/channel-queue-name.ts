/** The queue of the kernel's delivery that holds this service's notices. */
export const channelQueueName = 'uptime'
