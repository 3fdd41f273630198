import { codecs, column } from '@gatehouse/kernel/db'

const { text, whole } = codecs

/** Row types, statements and the organisation's export are derived from these columns. */
export const logoColumns = {
  serviceId: column('service_id', text),
  /** File name in URLs: unguessable, and different for every image. */
  file: column('file', text),
  mediaType: column('media_type', codecs.oneOf<'image/png' | 'image/jpeg' | 'image/webp'>()),
  width: column('width', whole),
  height: column('height', whole),
  /** In base64. */
  content: column('content', text),
}
