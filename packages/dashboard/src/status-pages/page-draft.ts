import type { Service, ServiceChange } from '@gatehouse/sdk'

/** The edited values of a page before they are saved. */
export type PageDraft = Pick<Service, 'name' | 'slug' | 'timeZone' | 'language'> & {
  readonly description: string
  readonly autoPublish: boolean
}

export function toDraft({ name, slug, timeZone, language, description, autoPublish }: Service): PageDraft {
  return {
    name,
    slug,
    timeZone,
    language,
    description: description ?? '',
    autoPublish: autoPublish === 1,
  }
}

export function toServiceChange(draft: PageDraft): ServiceChange {
  return { ...draft, description: toDescription(draft) }
}

/** An empty description is sent as null. */
export function toDescription({ description }: PageDraft): string | null {
  return description.trim() === '' ? null : description.trim()
}

export function isSameDraft(a: PageDraft, b: PageDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Makes a slug from a name: lower-case letters, digits and hyphens. */
export function toSlug(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
}
