import { expect, it } from 'vitest'
import { configFields, settingFields } from '../../dashboard/src/monitors/kind-fields.ts'
import { toChange, toDraft, toNewMonitor } from '../../dashboard/src/monitors/monitor-draft.ts'
import { toDetection } from '../../dashboard/src/monitors/to-detection.ts'
import { monitorChange } from '../src/services/uptime/contract/monitor-shapes.ts'
import { confirmSpacingSeconds, detectionSeconds } from '../src/services/uptime/domain/confirmation.ts'
import { monitorTypes } from '../src/services/uptime/monitor-types/monitor-types.ts'
import { parseConfig } from '../src/services/uptime/monitor-types/watch.ts'
import { uptimePolicy as policy } from '../src/services/uptime/policy.ts'

const types = ['http', 'tcp', 'ping', 'heartbeat'] as const

it('the-form-of-a-monitor-offers-all-that-the-server-takes: every setting, and every member of every kind', () => {
  expect(Object.keys(configFields).toSorted()).toEqual(Object.keys(monitorTypes).toSorted())
  const settings = new Set(types.flatMap((type) => settingFields(type).map(({ member }) => member)))
  expect([...settings, 'config'].toSorted()).toEqual(Object.keys(monitorChange.shape).toSorted())
  for (const type of types) {
    const asked = configFields[type].flatMap(({ member, also = [] }) => [member, ...also])
    expect(asked.toSorted()).toEqual(membersOf(type))
  }
})

it.each(types)(
  'a form of kind %s that nobody touched changes nothing, and one filled in is a config',
  (type) => {
    const { example } = monitorTypes[type]
    const parsed = parseConfig(type, example)
    if (!parsed.success) throw parsed.error
    const monitor = { ...seen, type, config: parsed.watch.config }
    expect(toChange(monitor, toDraft(type, monitor))).toBeUndefined()
    const made = toNewMonitor(type, toDraft(type, { ...monitor, config: example }))
    expect(parseConfig(type, made.config).success).toBe(true)
  },
)

it('only what was changed is sent, and a stored log-in stays', () => {
  const config = {
    url: 'https://example.com/',
    auth: { set: true },
    jsonChecks: [{ path: 'a', op: 'eq', value: '1' }],
  }
  const monitor = { ...seen, type: 'http', config }
  const draft = { ...toDraft('http', monitor), intervalSeconds: '60', tags: 'a, b' }
  expect(toChange(monitor, draft)).toEqual({ intervalSeconds: 60, tags: ['a', 'b'] })
  const other = {
    ...draft,
    'config.expectedStatus': '200, 301-302',
    'config.headers': [{ name: 'X-A', value: '1' }],
  }
  expect(toChange(monitor, other)).toMatchObject({
    config: { ...config, expectedStatuses: ['200', '301-302'], headers: { 'X-A': '1' } },
  })
})

it('what is no number is sent as it is, for the server to name the field, and an emptied setting is null', () => {
  const monitor = {
    ...seen,
    type: 'tcp',
    config: { hostname: 'db.example.com', port: 5432, timeoutMs: 10_000 },
  }
  const draft = { ...toDraft('tcp', monitor), intervalSeconds: 'soon', degradedAfterMs: '' }
  expect(toChange({ ...monitor, degradedAfterMs: 900 }, draft)).toEqual({
    intervalSeconds: 'soon',
    degradedAfterMs: null,
  })
})

it('the-form-foretells-what-the-server-says: within how long an outage is told', () => {
  for (const intervalSeconds of [60, 300, 3_600, 86_400])
    for (const downThreshold of [1, 3, 5, 10])
      for (const spacing of [null, 5, 300])
        for (const timeoutMs of [1_000, 10_000, 30_000]) {
          const said = detectionSeconds(
            intervalSeconds,
            confirmSpacingSeconds(intervalSeconds, spacing, policy.confirmSpacingSeconds),
            timeoutMs,
            downThreshold,
            policy.recheckPauseMs,
          )
          expect(
            toDetection({
              intervalSeconds: String(intervalSeconds),
              downThreshold: String(downThreshold),
              confirmSpacingSeconds: spacing === null ? '' : String(spacing),
              'config.timeoutMs': String(timeoutMs),
            }),
          ).toEqual(said)
        }
})

function membersOf(type: (typeof types)[number]): readonly string[] {
  const { config } = monitorTypes[type]
  if (!('shape' in config) || typeof config.shape !== 'object' || config.shape === null)
    throw new Error(`The config of ${type} is no object`)
  return Object.keys(config.shape).toSorted()
}

const seen = {
  id: '01K7Z3N8Q4W2X5Y6A7B8C9D0EF',
  teamId: 'team',
  serviceId: 'page',
  name: 'Shop',
  status: 'up',
  shownTarget: null,
  lastCheckedAt: null,
  lastErrorMessage: null,
  lastErrorReason: null,
  maintenanceUntil: null,
  autoResolveMaintenance: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  phase: 'steady',
  firstUpAt: null,
  flapping: 0,
  nextCheckAt: null,
  detectionSeconds: null,
  lastResponseMs: null,
  intervalSeconds: 300,
  isActive: 1,
  downThreshold: 5,
  upThreshold: 1,
  confirmSpacingSeconds: null,
  degradedAfterMs: null,
  notifyDegraded: 0,
  renotifyMinutes: 0,
  tags: [],
} as const
