import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { incidentEndpoints } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { addIncidentUpdate } from '../usecases/add-incident-update.ts'
import { assignIncident } from '../usecases/assign-incident.ts'
import { createIncident } from '../usecases/create-incident.ts'
import { deleteIncident } from '../usecases/delete-incident.ts'
import {
  acknowledgeIncident,
  resolveIncident,
  setIncidentVisibility,
  updateIncident,
} from '../usecases/handle-incident.ts'
import { getIncident, listIncidents } from '../usecases/list-incidents.ts'

export function incidentHandlers(deps: UptimeDeps): HandlersOf<typeof incidentEndpoints> {
  return {
    listIncidents: (caller, { query }) => listIncidents(deps, caller, query),
    getIncident: async (caller, { params }) => ({
      incident: await getIncident(deps, caller, params.id),
    }),
    createIncident: async (caller, { body }) => ({
      incident: await createIncident(deps, caller, body),
    }),
    updateIncident: async (caller, { params, body }) => ({
      incident: await updateIncident(deps, caller, params.id, body),
    }),
    acknowledgeIncident: async (caller, { params }) => ({
      incident: await acknowledgeIncident(deps, caller, params.id),
    }),
    assignIncident: async (caller, { params, body }) => ({
      incident: await assignIncident(deps, caller, params.id, body.assigneeId),
    }),
    resolveIncident: async (caller, { params, body }) => ({
      incident: await resolveIncident(deps, caller, params.id, body.cause),
    }),
    addIncidentUpdate: async (caller, { params, body }) => ({
      update: await addIncidentUpdate(deps, caller, params.id, body),
    }),
    setIncidentVisibility: async (caller, { params, body }) => ({
      incident: await setIncidentVisibility(deps, caller, params.id, body.visibility),
    }),
    deleteIncident: async (caller, { params }) => {
      await deleteIncident(deps, caller, params.id)
      return undefined
    },
  }
}
