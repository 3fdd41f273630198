import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Regime changes of the last 30 days that the caller may see, newest first. `root` is `/v1` for API keys. */
export function ownEventsApi(send: Transport, root: string) {
  return {
    events: (query: QueryOf<'listOwnRegimeEvents'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listOwnRegimeEvents'>>('GET', `${root}/me/events`, { ...options, query }),
  }
}

/** The organisation's own presets. `root` is `/v1` for API keys and `/dashboard/volatility` for members. */
export function customPresetsApi(send: Transport, root: string) {
  const preset = (name: string): string => `${root}/presets/custom/${encodeURIComponent(name)}`
  return {
    /** Only the organisation's own presets, without the built-in ones. */
    listCustom: (options?: CallOptions) =>
      send<ReplyOf<'listCustomPresets'>>('GET', `${root}/presets/custom`, options),
    /** Creates or replaces a preset. Omitted thresholds are taken from `base`, which defaults to `balanced`. */
    upsertCustom: (name: string, wanted: BodyOf<'upsertCustomPreset'> = {}, options?: CallOptions) =>
      send<ReplyOf<'upsertCustomPreset'>>('PUT', preset(name), { ...options, body: wanted }),
    deleteCustom: (name: string, options?: CallOptions) =>
      send<ReplyOf<'deleteCustomPreset'>>('DELETE', preset(name), options),
    /** Applies thresholds to the stored bars without storing anything. */
    preview: (wanted: BodyOf<'previewPreset'>, options?: CallOptions) =>
      send<ReplyOf<'previewPreset'>>('POST', `${root}/presets/preview`, { ...options, body: wanted }),
  }
}
