import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** The changes of regime of the last 30 days that the caller may see, newest first. `root` is `/v1` for keys. */
export function ownEventsApi(send: Transport, root: string) {
  return {
    events: (query: QueryOf<'listOwnRegimeEvents'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listOwnRegimeEvents'>>('GET', `${root}/me/events`, { ...options, query }),
  }
}

/** Presets of the organisation's own. `root` is `/v1` for keys and `/dashboard/volatility` for members. */
export function customPresetsApi(send: Transport, root: string) {
  const preset = (name: string): string => `${root}/presets/custom/${encodeURIComponent(name)}`
  return {
    /** Those of the organisation alone. */
    listCustom: (options?: CallOptions) =>
      send<ReplyOf<'listCustomPresets'>>('GET', `${root}/presets/custom`, options),
    /** Makes it or replaces it; a threshold that is not sent is that of `base`, which is `balanced` unless it is said. */
    upsertCustom: (name: string, wanted: BodyOf<'upsertCustomPreset'> = {}, options?: CallOptions) =>
      send<ReplyOf<'upsertCustomPreset'>>('PUT', preset(name), { ...options, body: wanted }),
    deleteCustom: (name: string, options?: CallOptions) =>
      send<ReplyOf<'deleteCustomPreset'>>('DELETE', preset(name), options),
    /** What thresholds would have said of the bars that are stored; nothing is kept. */
    preview: (wanted: BodyOf<'previewPreset'>, options?: CallOptions) =>
      send<ReplyOf<'previewPreset'>>('POST', `${root}/presets/preview`, { ...options, body: wanted }),
  }
}
