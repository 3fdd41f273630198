/** What the screens promise by which an organisation speaks to its customers. */
export const customerPromises = ['nothing-becomes-public-unlisted', 'the-preview-is-the-page'] as const
