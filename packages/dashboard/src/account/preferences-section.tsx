import type { PreferenceChange } from '@gatehouse/sdk'
import { useMutation } from '@tanstack/react-query'
import { Form, Select } from '../controls.tsx'
import { browserLanguage, languages } from '../language.ts'
import { Complaint } from '../parts.tsx'
import { choose, type Person } from '../session.ts'
import { themes } from '../theme.ts'
import { toText } from '../to-text.ts'
import { accountWords } from '../words/account-words.ts'
import { frameWords } from '../words/frame-words.ts'
import { browserZone, listZones } from '../zone.ts'
import { SettingsSection } from './settings-section.tsx'

const says = accountWords.preferences
/** Represents null, which a field cannot hold. */
const asBrowser = ''

/** Display preferences of the user, which apply in every browser and in mails. */
export function PreferencesSection({ person }: { readonly person: Person }) {
  const { language, timeZone, theme } = person
  const save = useMutation({ mutationFn: (fields: FormData) => choose(readChange(fields)) })
  const zones = listZones(...(timeZone === null ? [] : [timeZone]))
  return (
    <SettingsSection id="preferences" title={says.title} text={says.text}>
      <Form label={says.title} class="stack" error={save.error} onSubmit={(fields) => save.mutate(fields)}>
        <Select
          label={says.language}
          name="language"
          first={language ?? asBrowser}
          choices={[
            { value: asBrowser, text: says.asBrowser(says.languages[browserLanguage]) },
            ...languages.map((value) => ({ value, text: says.languages[value] })),
          ]}
        />
        <Select
          label={says.timeZone}
          name="timeZone"
          first={timeZone ?? asBrowser}
          hint={says.timeZoneHint}
          choices={[
            { value: asBrowser, text: says.asBrowser(browserZone()) },
            ...zones.map((value) => ({ value, text: value })),
          ]}
        />
        <Select
          key={theme}
          label={says.theme}
          name="theme"
          first={theme}
          choices={themes.map((value) => ({ value, text: frameWords.themes[value] }))}
        />
        <Complaint error={save.error} />
        {save.isSuccess ? (
          <p class="success" role="status">
            {says.done} {isSecureContext ? null : frameWords.languageLater}
          </p>
        ) : null}
        <div class="actions">
          <button type="submit" class="primary" disabled={save.isPending}>
            {says.submit}
          </button>
        </div>
      </Form>
    </SettingsSection>
  )
}

function readChange(fields: FormData): Required<PreferenceChange> {
  const timeZone = toText(fields, 'timeZone')
  return {
    language: languages.find((one) => one === fields.get('language')) ?? null,
    timeZone: timeZone === asBrowser ? null : timeZone,
    theme: themes.find((one) => one === fields.get('theme')) ?? 'system',
  }
}
