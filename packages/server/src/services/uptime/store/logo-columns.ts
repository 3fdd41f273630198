import { codecs, column } from '@gatehouse/kernel/db'

const { text, whole } = codecs

/** Row types, statements and the org's export follow from these lines. */
export const logoColumns = {
  serviceId: column('service_id', text),
  /** Its name in URLs, which nobody can guess, and which another picture does not get. */
  file: column('file', text),
  mediaType: column('media_type', codecs.oneOf<'image/png' | 'image/jpeg' | 'image/webp'>()),
  width: column('width', whole),
  height: column('height', whole),
  /** In base64. */
  content: column('content', text),
}
