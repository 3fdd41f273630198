import { agedId, agedOrg, dayMs, toAgedAttempt, toAgedDelivery } from '../../../service/testing/aged-row.ts'
import { type Canary, type CanaryRow, toSecret } from '../../../service/testing/canary.ts'
import type { ServiceWalks } from '../../../service/testing/walks.ts'
import { subscriptionQueue } from '../store/subscription-store.ts'

const unknownUlid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const thresholds = { high_enter: 3, high_exit: 0.5, low_enter: -2.5, low_exit: -0.5, enter_k: 2, exit_k: 8 }
const at = '2026-06-01T12:00:00.000Z'

export const walks = {
  toCanaryRows,
  // Symbols belong to no organisation, so one that is not carried is requested.
  furnish: async (make, canary) => {
    const { uid } = await make<{ readonly uid: string }>('/v1/webhooks', {
      url: 'https://93.184.216.34/hook',
      description: canary,
    })
    const preset = `${canary}-preset`
    await make('/v1/presets', { name: preset, ...thresholds, description: canary })
    return {
      webhooks: uid,
      deliveries: unknownUlid,
      regime: unknownUlid,
      'api-keys': unknownUlid,
      presets: preset,
      custom: preset,
    }
  },
  bodies: {
    // This operation creates what does not exist, so the other organisation's preset is used as its base.
    upsertCustomPreset: { base: 'canary-of-acme-preset' },
    replacePreset: thresholds,
    updateRegimeWebhook: { description: 'x' },
    setKeyCeiling: { symbols: ['btcusdt'] },
    replayRegimeWebhook: { from_ms: 1_733_041_680_000, to_ms: 1_733_041_680_001 },
    getStateAt: { ts_ms: 1_733_041_680_000 },
    getImpact: { to: 'high' },
    runSymbolBacktest: { rule: 'avoid_high' },
  },
  agedRows: {
    'bars of 1 and 5 minutes': {
      keptMs: 400 * dayMs,
      insert: `
        INSERT INTO volatility.bar
          (open_at, open, high, low, close, volume, market_id, span, minutes, origin, filled)
        VALUES ($1, 1, 1, 1, 1, 0, 1, 1, 1, 0, false)`,
    },
    'readings of derivatives': {
      keptMs: 400 * dayMs,
      insert: `INSERT INTO volatility.reading (kind, product, at, figures) VALUES ('settled', 'BTCUSDT', $1, '{}')`,
    },
    'regime attempts': toAgedAttempt(subscriptionQueue, 30),
    'regime deliveries that are held': {
      keptMs: 30 * dayMs,
      holds: `queue = '${subscriptionQueue}' AND state = 'held'`,
      insert: `
        INSERT INTO gatehouse.delivery
          (org_id, queue, destination_id, id, event, body, state, created_at, updated_at)
        VALUES (${agedOrg}, '${subscriptionQueue}', 'x', ${agedId}, 'x', 'x', 'held', $1, now())`,
    },
    'finished regime deliveries': toAgedDelivery(subscriptionQueue, 30),
    'feedback on regimes': {
      keptMs: 400 * dayMs,
      insert: `
        INSERT INTO volatility.feedback (org_id, id, verdict, created_at)
        SELECT org_id, ${agedId}, 'x', $1 FROM gatehouse.org LIMIT 1`,
    },
    'events of regimes': {
      keptMs: 30 * dayMs,
      insert: `
        INSERT INTO volatility.event (seq, id, type, body, created_at)
        VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM volatility.event), gen_random_uuid()::text, 'x', '{}', $1)`,
    },
  },
} as const satisfies ServiceWalks

/** One row of an organisation in every table that can have one. */
function toCanaryRows({ orgId, word }: Canary): readonly CanaryRow[] {
  const org_id = orgId
  return [
    [
      'volatility.subscription',
      {
        org_id,
        number: 1,
        id: word,
        kind: 'https',
        shown: word,
        sealed_target: toSecret({ word }),
        sealed_secret: toSecret({ word }),
        key_id: word,
        events: [word],
        symbols: [word],
        timeframes: [word],
        to_regimes: [word],
        preset: word,
        method: word,
        description: word,
        state: 'active',
        disabled_at: at,
        created_at: at,
      },
    ],
    ['volatility.subscription_number', { org_id, newest: 1 }],
    // Held for long, so that no node removes it.
    ['volatility.stream_use', { org_id, node: word, open: 1, held_until: '2099-01-01T00:00:00.000Z' }],
    ['volatility.preset_head', { org_id, revision: 1 }],
    ['volatility.preset', { org_id, name: word, id: word, version: 1 }],
    [
      'volatility.preset_version',
      {
        org_id,
        preset_id: word,
        version: 1,
        method: word,
        ...thresholds,
        description: word,
        created_at: at,
      },
    ],
    [
      'volatility.org_machine',
      {
        org_id,
        preset_id: word,
        preset_version: 1,
        series_id: 1,
        regime: 'high',
        run: 0,
        entered_ms: 1,
        newest: { word },
      },
    ],
    [
      'volatility.org_transition',
      {
        seq: Number.parseInt(orgId.slice(0, 8), 16),
        org_id,
        preset_id: word,
        preset_version: 1,
        series_id: 1,
        series_version: 1,
        from_regime: 'normal',
        to_regime: 'high',
        ts_ms: 1,
        z: 1,
        close: 1,
        reason: 'threshold',
        late: false,
      },
    ],
    ['volatility.key_allowlist', { org_id, key_id: word, symbols: [word], ceiling: [word], updated_at: at }],
    [
      'volatility.feedback',
      { org_id, id: word, seq: 1, symbol: word, timeframe: word, verdict: word, note: word, created_at: at },
    ],
    [
      'volatility.event',
      {
        // Any number that no other organisation's row has.
        seq: Number.parseInt(orgId.slice(0, 8), 16),
        id: `evt_${word}`,
        org_id: orgId,
        type: 'regime.transition',
        body: { word },
        created_at: at,
      },
    ],
    [
      'volatility.paid_subscription',
      {
        subscription_id: `sub_${word}`,
        org_id: orgId,
        bound_at: at,
        event_id: `evt_${word}`,
        occurred_at: at,
        status: 'active',
        plan: 'pro',
      },
    ],
    [
      'volatility.paddle_event',
      {
        org_id: orgId,
        event_id: `evt_${word}`,
        subscription_id: `sub_${word}`,
        event_type: 'subscription.updated',
        occurred_at: at,
        status: 'active',
        price_ids: [`pri_${word}`],
        disposition: 'applied',
        sealed_body: `s1.${word}`,
        received_at: at,
      },
    ],
  ]
}
