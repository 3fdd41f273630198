import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { serviceEndpoints } from '../contract/services.ts'
import type { UptimeDeps } from '../deps.ts'
import { previewPage } from '../pages/preview-page.ts'
import { createService } from '../usecases/create-service.ts'
import { createViewLink } from '../usecases/create-view-link.ts'
import { deleteService } from '../usecases/delete-service.ts'
import { getLayout } from '../usecases/get-layout.ts'
import { listServices } from '../usecases/list-services.ts'
import { setLayout } from '../usecases/set-layout.ts'
import { removeLogo, setLogo } from '../usecases/set-logo.ts'
import { updateService } from '../usecases/update-service.ts'

const ok = { ok: true } as const

export function serviceHandlers(deps: UptimeDeps): HandlersOf<typeof serviceEndpoints> {
  return {
    listServices: async (caller) => ({ services: await listServices(deps, caller) }),
    listStatusPages: async (caller) => ({
      statusPages: await listServices(deps, caller),
    }),
    createService: async (caller, { body }) => ({ service: await createService(deps, caller, body) }),
    createStatusPage: async (caller, { body }) => ({ service: await createService(deps, caller, body) }),
    updateService: async (caller, { params, body }) => ({
      service: await updateService(deps, caller, params.id, body),
    }),
    getServiceLayout: async (caller, { params }) => ({ layout: await getLayout(deps, caller, params.id) }),
    setServiceLayout: async (caller, { params, body }) => ({
      layout: await setLayout(deps, caller, params.id, body),
    }),
    setServiceLogo: async (caller, { params, body }) => ({
      service: await setLogo(deps, caller, params.id, body),
    }),
    removeServiceLogo: async (caller, { params }) => ({
      service: await removeLogo(deps, caller, params.id),
    }),
    createViewLink: async (caller, { params }) => ({ url: await createViewLink(deps, caller, params.id) }),
    previewService: async (caller, { params, body }) => ({
      preview: await previewPage(deps, caller, params.id, body),
    }),
    deleteService: async (caller, { params }) => {
      await deleteService(deps, caller, params.id)
      return ok
    },
  }
}
