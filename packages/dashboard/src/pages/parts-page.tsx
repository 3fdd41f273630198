import { Heading } from '../parts.tsx'
import { partSamples } from '../parts/samples.tsx'

/** Every component in every state, for developers; not linked from the app. */
export function PartsPage() {
  return (
    <>
      <Heading
        title="Parts"
        text="Each part in each of its states. Choose the theme at the foot of the side bar."
      />
      {partSamples.map(([name, states]) => (
        <section key={name} class="part" aria-label={name}>
          <h2>{name}</h2>
          {Object.entries(states).map(([state, Sample]) => (
            <div key={state} class="sample">
              <p class="muted small">{state}</p>
              <Sample />
            </div>
          ))}
        </section>
      ))}
    </>
  )
}
