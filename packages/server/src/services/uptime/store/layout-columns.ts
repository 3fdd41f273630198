import { codecs, column } from '@gatehouse/kernel/db'

const { text, textOrNull, flag, whole, wholeOrNull } = codecs

/** Row types, statements and the organisation's export are derived from these columns. */
export const sectionColumns = {
  id: column('id', text),
  serviceId: column('service_id', text),
  name: column('name', text),
  position: column('position', whole),
}

export const componentColumns = {
  id: column('id', text),
  serviceId: column('service_id', text),
  monitorId: column('monitor_id', textOrNull),
  state: column('state', codecs.oneOfOrNull<'up' | 'degraded' | 'down' | 'maintenance'>()),
  sectionId: column('section_id', textOrNull),
  position: column('position', wholeOrNull),
  displayName: column('display_name', textOrNull),
  description: column('description', textOrNull),
  hidden: column('hidden', flag),
}
