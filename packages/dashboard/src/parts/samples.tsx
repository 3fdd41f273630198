import type { ComponentType } from 'preact'
import { toPercent } from '../number-format.ts'
import { actSamples } from './samples-of-acts.tsx'
import { dataSamples } from './samples-of-data.tsx'
import { StatusMark, type Tone } from './status-mark.tsx'
import { EmptyState } from './empty-state.tsx'
import { Field } from './field.tsx'
import { Interval } from './interval.tsx'
import { StaleBanner } from './stale-banner.tsx'

type States = Readonly<Record<string, ComponentType>>

const tones: readonly Tone[] = [
  'ok',
  'degraded',
  'down',
  'maintenance',
  'unknown',
  'paused',
  'confirming',
  'neverUp',
]
const axis = { min: -0.2, max: 0.4, reference: 0 }

/** By component, each of its possible states. */
export const partSamples: readonly (readonly [name: string, states: States])[] = [
  [
    'StatusMark',
    {
      'shape, colour and word': () => (
        <p class="actions">
          {tones.map((tone) => (
            <StatusMark key={tone} tone={tone} text={tone} />
          ))}
        </p>
      ),
      'as a tag': () => (
        <p class="actions">
          {tones.map((tone) => (
            <StatusMark key={tone} tone={tone} text={tone} isTag />
          ))}
        </p>
      ),
    },
  ],
  [
    'Interval',
    {
      'on one axis': () => (
        <div class="stack">
          <Interval value={0.12} low={0.04} high={0.21} n={312} axis={axis} format={toPercent} />
          <Interval value={-0.03} low={-0.11} high={0.05} n={48} axis={axis} format={toPercent} />
          <Interval value={0.31} low={0.1} high={0.62} n={9} axis={axis} format={toPercent} />
        </div>
      ),
      withheld: () => (
        <Interval
          value={null}
          low={null}
          high={null}
          n={31}
          axis={axis}
          format={toPercent}
          withheld="31 of 50 decisions"
        />
      ),
      'no data yet': () => (
        <Interval value={null} low={null} high={null} n={0} axis={axis} format={toPercent} />
      ),
    },
  ],
  [
    'Field',
    {
      plain: () => <Field label="Name" name="a" placeholder="Shop" />,
      'with help and unit': () => (
        <Field
          label="Interval"
          name="b"
          type="number"
          unit="seconds"
          value="60"
          hint="How long between two checks."
        />
      ),
      wrong: () => (
        <Field
          label="Address"
          name="c"
          value="10.0.0.1"
          error="Private addresses are closed: set GATEHOUSE_EGRESS_ALLOW."
        />
      ),
      optional: () => <Field label="Note" name="d" isOptional />,
    },
  ],
  [
    'EmptyState',
    {
      'with the action that ends it': () => (
        <EmptyState title="Nothing is watched yet" text="Paste the address of something that must stay up.">
          <button type="button" class="primary">
            Add monitor
          </button>
        </EmptyState>
      ),
    },
  ],
  [
    'StaleBanner',
    {
      'the server is lost': () => <StaleBanner sinceMs={Date.now()} />,
      'one part is old': () => <StaleBanner sinceMs={Date.now()} onRetry={() => undefined} />,
    },
  ],
  ...dataSamples,
  ...actSamples,
]
