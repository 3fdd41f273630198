import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { chooseExercises, practiceLabel } from '../domain/exercises.ts'
import type { Domain } from '../domain/interaction.ts'
import { toCompliance, toDecayProjection, toMaintenance } from '../domain/score-blocks.ts'
import { currentModel } from '../params-hash.ts'
import { problems } from '../problems.ts'
import { listOwnExercises } from '../store/exercise-store.ts'
import { readStanding } from './get-profile.ts'
import { noteLook } from './note-look.ts'
import { replyStart } from './reply-start.ts'
import { isOlderClient, toOlderUrgency } from './to-score-reply.ts'
import { toWireExercise } from './to-wire-exercise.ts'

/** Recommends exercises for an operator (wire 4.3). They are announced and labelled; nothing is scheduled. */
export async function recommendPractice(
  deps: OversightDeps,
  principal: Principal,
  {
    operator_id: operatorId,
    domain,
  }: { readonly operator_id: string; readonly domain?: Domain | null | undefined },
  context: RequestContext,
) {
  const { parameters } = currentModel
  const {
    standing,
    chosen,
    domain: read,
    own,
  } = await within(deps, principal, async (tx) => ({
    ...(await readStanding(deps, tx, operatorId, domain ?? undefined)),
    own: await listOwnExercises(tx),
  }))
  if (standing.published === null)
    throw problems.INSUFFICIENT_DATA({ detail: 'There are not enough decisions yet to recommend anything' })
  await noteLook(deps, principal, operatorId)
  const maintenance = toMaintenance(chosen, parameters)
  const { target_dimension: target, also, intervention_frequency: ratio } = maintenance
  const practice = maintenance.trigger_intervention ? chooseExercises(target, also, own) : []
  const frequency = ratio === 0 ? 'never' : `1 in ${Math.round(1 / ratio)} decisions`
  return {
    ...replyStart(deps, context),
    operator_id: operatorId,
    recommendation: {
      ...maintenance,
      urgency: isOlderClient(context.userAgent) ? toOlderUrgency(maintenance.urgency) : maintenance.urgency,
      operator_id: operatorId,
      current_jis: chosen.figures.jis,
      trend: chosen.figures.trend,
      domain: read,
      compliance: toCompliance(chosen, standing.article14, parameters),
      decay_projection: toDecayProjection(chosen, read, standing.decay, parameters),
      frequency_ratio: ratio,
      summary: maintenance.trigger_intervention
        ? `Practise ${String(target).replaceAll('_', ' ')}, ${frequency}. Every item is announced as practice.`
        : 'Nothing in particular needs practice now.',
      focus_dimensions: [target, also].flatMap((name) => name ?? []),
      ...(maintenance.trigger_intervention
        ? {
            exercises: practice.map(({ description, minutes }) => ({
              type: maintenance.intervention_type,
              frequency,
              description: `${practiceLabel} ${description}`,
              duration_minutes: minutes,
            })),
          }
        : {}),
    },
    exercises: practice.map(toWireExercise),
  }
}
