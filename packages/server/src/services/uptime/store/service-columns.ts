import { codecs, column } from '@gatehouse/kernel/db'

const { text, flag, instant } = codecs

/** What people may set of a status page. */
export const serviceSettings = {
  name: column('name', text),
  slug: column('slug', text),
  description: column('description', codecs.textOrNull),
  passwordHash: column('password_hash', codecs.textOrNull, { withheld: 'proves a secret' }),
  access: column('access', codecs.oneOf<'public' | 'password' | 'members'>()),
  timeZone: column('time_zone', text),
  language: column('language', codecs.oneOf<'auto' | 'en' | 'ja'>()),
  autoPublish: column('auto_publish', flag),
}

/** Row types, statements and the org's export follow from these lines. */
export const serviceColumns = {
  id: column('id', text),
  ...serviceSettings,
  isDefault: column('is_default', flag),
  createdAtMs: column('created_at', instant),
  updatedAtMs: column('updated_at', instant),
}

/** Written with the access that it follows from. */
export const publicColumn = column('is_public', flag)
/** Raised by whatever changes what the page shows. */
export const versionColumn = column('version', text)
