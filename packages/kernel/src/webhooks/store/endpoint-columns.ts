import { codecs, column } from '../../db/index.ts'

const { text, textOrNull, instant } = codecs

/** The settings of an endpoint that users may change. The API has the same fields. */
export const endpointSettings = {
  url: column('url', text),
  description: column('description', text),
  events: column('events', codecs.texts),
  /** Whether messages carry a `v1a` signature of the instance as well. */
  asymmetric: column('is_asymmetric', codecs.flag),
}

/** Row types, statements, the org's export and resealing are derived from these lines. */
export const endpointColumns = {
  id: column('id', text),
  service: column('service', text),
  /** The service whose keys registered the endpoint; null when people did. */
  registeredBy: column('registered_by', textOrNull),
  ...endpointSettings,
  sealedSecret: column('sealed_secret', text, 'sealed'),
  sealedPrevious: column('sealed_previous', textOrNull, 'sealed'),
  /** Until when the secret before the last rotation still signs. */
  previousSecretUntilMs: column('previous_until', codecs.instantOrNull),
  state: column('state', codecs.oneOf<'enabled' | 'disabled'>()),
  /** `failing`, `gone` (the receiver answered 410), or null while it is enabled. */
  disabledBecause: column('disabled_because', textOrNull),
  createdAtMs: column('created_at', instant),
  updatedAtMs: column('updated_at', instant),
}
