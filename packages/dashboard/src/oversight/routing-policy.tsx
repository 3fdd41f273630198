import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, SaveActions, Section, Select } from '../controls.tsx'
import { Field, FieldFrame } from '../parts/field.tsx'
import { Refusal } from '../refusal.ts'
import { toText } from '../to-text.ts'
import { oversightRulesWords as says } from '../words/oversight-rules-words.ts'
import { policyPreviewWords as tries } from '../words/policy-preview-words.ts'
import { decisions } from './oversight-calls.ts'
import { PolicyPreview } from './policy-preview.tsx'

type Policy = Awaited<ReturnType<typeof decisions.policy>>
type Change = Parameters<typeof decisions.setPolicy>[0]

/** Settings for which decisions wait for a reviewer, and how long. */
export function RoutingPolicy({ policy }: { readonly policy: Policy }) {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async (fields: FormData) => decisions.setPolicy(readPolicy(fields)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['oversight-policy'] }),
  })
  const preview = useMutation({
    mutationFn: async (fields: FormData) => decisions.previewPolicy(readPolicy(fields)),
  })
  const error = preview.error ?? save.error
  const { routes, expiry, fallback, triggers, pools, stakes, assignee, version } = policy
  return (
    <Section
      title={says.routing}
      text={policy.created_at === null ? says.defaults : says.routingText(version)}
    >
      <Form
        label={says.routing}
        class="add measured"
        error={error}
        // A preview is of what was in the form then.
        onInput={() => preview.reset()}
        onSubmit={(fields) => {
          preview.reset()
          save.mutate(fields)
        }}
      >
        <div class="row-of-fields">
          <Field
            label={says.asyncReview}
            name="routes.async_review"
            type="number"
            unit={says.risk}
            value={String(routes.async_review)}
          />
          <Field
            label={says.mustReview}
            name="routes.must_review"
            type="number"
            unit={says.risk}
            value={String(routes.must_review)}
          />
        </div>
        <div class="row-of-fields">
          <Field
            label={says.asyncExpiry}
            name="expiry.async_review_s"
            type="number"
            unit={says.minutes}
            value={String(expiry.async_review_s / 60)}
          />
          <Field
            label={says.mustExpiry}
            name="expiry.must_review_s"
            type="number"
            unit={says.minutes}
            value={String(expiry.must_review_s / 60)}
          />
        </div>
        <Select
          label={says.fallback}
          name="fallback"
          first={fallback.async_review}
          choices={[
            { value: 'auto', text: says.fallbacks.auto },
            { value: 'policy_blocked', text: says.fallbacks.policy_blocked },
          ]}
        />
        <details class="more">
          <summary>{says.more}</summary>
          <p class="muted small">{says.moreText}</p>
          <FieldFrame label={says.json} name="json">
            {(attributes) => (
              <textarea
                rows={16}
                class="mono"
                spellcheck={false}
                {...attributes}
                defaultValue={JSON.stringify({ triggers, pools, stakes, assignee }, undefined, 2)}
              />
            )}
          </FieldFrame>
        </details>
        <SaveActions save={{ ...save, error }} text={says.save} saved={says.saved}>
          <button
            type="button"
            disabled={preview.isPending}
            onClick={({ currentTarget: { form } }) => {
              save.reset()
              if (form !== null) preview.mutate(new FormData(form))
            }}
          >
            {tries.ask}
          </button>
        </SaveActions>
      </Form>
      {preview.data === undefined ? null : <PolicyPreview preview={preview.data} />}
    </Section>
  )
}

function readPolicy(fields: FormData): Change {
  const figure = (name: string): number => Number(toText(fields, name))
  return {
    ...readJson(toText(fields, 'json')),
    routes: { async_review: figure('routes.async_review'), must_review: figure('routes.must_review') },
    expiry: {
      async_review_s: Math.round(figure('expiry.async_review_s') * 60),
      must_review_s: Math.round(figure('expiry.must_review_s') * 60),
    },
    fallback: { async_review: toText(fields, 'fallback') === 'auto' ? 'auto' : 'policy_blocked' },
  }
}

function readJson(text: string): Change {
  try {
    // Safe: the server validates the content by its schema.
    return JSON.parse(text) as Change
  } catch (cause) {
    throw new Refusal(says.noJson, { cause })
  }
}
