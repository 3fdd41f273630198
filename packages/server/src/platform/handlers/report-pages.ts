import { type HandlersOf, RawReply, type RequestContext } from '@gatehouse/kernel/endpoint'
import type { z } from 'zod'
import type { reportPageEndpoints } from '../contract/disclosure.ts'
import { lookUpForm, reportForm } from '../contract/report-form.ts'
import type { PlatformDeps } from '../deps.ts'
import { type Language, toLanguage } from '../domain/language.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { lookUpCase } from '../usecases/look-up-case.ts'
import { submitReport } from '../usecases/submit-report.ts'
import {
  type FieldFault,
  renderCase,
  renderCaseForm,
  renderReceived,
  renderReportForm,
  renderTooLarge,
  type Written,
} from './render-report-pages.ts'

type Query = { readonly lang?: Language | undefined }

export function reportPages(deps: PlatformDeps): HandlersOf<typeof reportPageEndpoints> {
  const { reportKey } = deps
  const hasKey = reportKey !== undefined
  return {
    showReportForm: (_visitor, { query }, context) =>
      renderReportForm({ language: languageOf(query, context), hasKey }),
    submitReport: async (_visitor, { query, body = '' }, context) => {
      const language = languageOf(query, context)
      if (Buffer.byteLength(body) > policy.disclosure.formBytesMax) return renderTooLarge(language)
      const written = readForm(body)
      const parsed = reportForm.safeParse(written)
      if (!parsed.success) {
        const faults = parsed.error.issues.map(toFault)
        return renderReportForm({ language, hasKey, written, faults })
      }
      const { what, impact, reproduction, contact, credit, name } = parsed.data
      const received = await submitReport(deps, {
        what,
        impact,
        reproduction,
        contact: contact.trim(),
        creditName: credit === 'yes' ? name.trim() : null,
        language,
      })
      return renderReceived(received, language)
    },
    showCaseForm: (_visitor, { query }, context) => renderCaseForm(languageOf(query, context), false),
    lookUpCase: async (_visitor, { params, query, body = '' }, context) => {
      const language = languageOf(query, context)
      const form = lookUpForm.safeParse(readForm(body))
      const found = form.success ? await lookUpCase(deps, params.reference, form.data.code.trim()) : undefined
      return found === undefined ? renderCaseForm(language, true) : renderCase(found, language)
    },
    readReportKey: () => {
      if (reportKey === undefined) throw problems.NOT_FOUND({ detail: 'The operator has no OpenPGP key' })
      return new RawReply(reportKey.armored, { 'cache-control': 'public, max-age=300' })
    },
  }
}

function toFault(issue: z.core.$ZodIssue): FieldFault {
  const field = String(issue.path[0] ?? '')
  switch (issue.code) {
    case 'unrecognized_keys':
      return { field: issue.keys[0] ?? '', kind: 'unknown' }
    case 'invalid_type':
    case 'too_small':
      return { field, kind: 'required' }
    case 'too_big':
      return { field, kind: { longerThan: Number(issue.maximum) } }
    case 'custom':
      return { field, kind: issue.params?.['isMissing'] === true ? 'required' : 'characters' }
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'invalid_value':
    case 'not_multiple_of':
      return { field, kind: 'invalid' }
  }
}

function languageOf({ lang }: Query, { header }: RequestContext): Language {
  return lang ?? toLanguage(header('accept-language'))
}

/** Parses a form as a browser sends it (WHATWG URL §5), with line ends normalized. */
function readForm(body: string): Written {
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]),
  )
}
