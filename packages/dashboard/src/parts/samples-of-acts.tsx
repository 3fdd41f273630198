import type { ComponentType } from 'preact'
import { useState } from 'preact/hooks'
import { Confirm } from './confirm.tsx'
import { CopyField } from './copy-field.tsx'
import { Field } from './field.tsx'
import { SecretOnce } from './secret-once.tsx'
import { SidePanel } from './side-panel.tsx'
import { Sparkline } from './sparkline.tsx'
import { Timeline } from './timeline.tsx'
import { showToast } from './toast.tsx'
import { type DayLevel, UptimeBars } from './uptime-bars.tsx'

function Panel() {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        Open the panel
      </button>
      {isOpen ? (
        <SidePanel title="Change Shop" onClose={() => setIsOpen(false)}>
          <Field label="Name" name="panel-name" value="Shop" />
        </SidePanel>
      ) : null}
    </>
  )
}

const dayMs = 86_400_000
const troubles: Readonly<Record<number, DayLevel>> = {
  62: 'brief',
  70: 'long',
  71: 'severe',
  80: 'maintenance',
}
const toDays = (unseen: number) =>
  Array.from({ length: 90 }, (_, index) => {
    const level = index < unseen ? 'empty' : (troubles[index] ?? 'clean')
    return {
      date: new Date(Date.parse('2026-01-01') + index * dayMs).toISOString().slice(0, 10),
      level,
      downMs:
        level === 'severe' ? dayMs / 4 : level === 'long' ? dayMs / 24 : level === 'brief' ? 240_000 : 0,
    }
  })
const [old, young] = [toDays(0), toDays(60)]

/** Samples of components that are activated, or that report a result. */
export const actSamples: readonly (readonly [string, Readonly<Record<string, ComponentType>>])[] = [
  [
    'UptimeBars',
    {
      '90 days': () => <UptimeBars name="Shop" days={old} />,
      'no data yet for most': () => <UptimeBars name="Young" days={young} />,
    },
  ],
  [
    'Sparkline',
    {
      'with a gap': () => (
        <Sparkline label="30 to 61 ms" values={[30, 34, 32, null, null, 41, 61, 40, 38, 33]} />
      ),
      'too little to draw': () => <Sparkline label="one value" values={[30]} />,
    },
  ],
  [
    'Timeline',
    {
      'of an incident': () => (
        <Timeline
          label="What happened"
          moments={[
            { id: '1', at: '2026-03-01T10:12:00Z', tone: 'ok', title: 'Resolved by itself' },
            {
              id: '2',
              at: '2026-03-01T10:04:00Z',
              tone: 'degraded',
              title: 'Acknowledged',
              who: 'Ann Lindqvist',
              body: 'Looking at the database.',
            },
            {
              id: '3',
              at: '2026-03-01T10:00:00Z',
              tone: 'down',
              title: 'Down',
              body: 'Expected status 200, got 503.',
            },
          ]}
        />
      ),
    },
  ],
  [
    'CopyField',
    { 'a line to take along': () => <CopyField text="curl https://example.com/health" name="curl" /> },
  ],
  ['SecretOnce', { 'shown this once': () => <SecretOnce secret="mk_0123456789abcdef0123456789abcdef" /> }],
  [
    'Confirm',
    {
      'beside the question': () => (
        <Confirm
          label="Delete"
          thing="Shop"
          question="Delete Shop and its history?"
          onConfirm={() => showToast('Shop deleted')}
        />
      ),
    },
  ],
  [
    'Toast',
    {
      'with undo': () => (
        <button type="button" onClick={() => showToast('Shop paused', () => showToast('Shop resumed'))}>
          Pause Shop
        </button>
      ),
    },
  ],
  ['SidePanel', { 'over a list that stays': Panel }],
]
