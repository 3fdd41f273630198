import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type {
  cancelImport,
  createImport,
  finishImport,
  getImport,
  listImportRejects,
  listImports,
  putImportLines,
} from '../contract/imports.ts'
import type { OversightDeps } from '../deps.ts'
import * as imports from '../usecases/imports.ts'

type Imports = readonly [
  typeof createImport,
  typeof listImports,
  typeof getImport,
  typeof putImportLines,
  typeof finishImport,
  typeof listImportRejects,
  typeof cancelImport,
]

export function importHandlers(deps: OversightDeps): HandlersOf<Imports> {
  return {
    createImport: (caller, { body }, context) => imports.createImport(deps, caller, body, context),
    listImports: (caller, { query }, context) => imports.listImports(deps, caller, query, context),
    getImport: (caller, { params }, context) => imports.getImport(deps, caller, params.id, context),
    putImportLines: (caller, { params, query, body }, context) =>
      imports.putLines(deps, caller, params.id, query.from_line, body, context),
    finishImport: (caller, { params }, context) => imports.finishImport(deps, caller, params.id, context),
    listImportRejects: (caller, { params }) => imports.listImportRejects(deps, caller, params.id),
    cancelImport: (caller, { params }, context) => imports.cancelImport(deps, caller, params.id, context),
  }
}
