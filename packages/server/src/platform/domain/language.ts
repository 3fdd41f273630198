export const languages = ['en', 'ja'] as const

export type Language = (typeof languages)[number]

/** The supported language that an `Accept-Language` header prefers; English when there is none. */
export function toLanguage(header: string | undefined): Language {
  const wishes = (header ?? '').split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return { primary: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
  })
  const best = wishes
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ primary }) => languages.find((language) => language === primary))
    .find((language) => language !== undefined)
  return best ?? 'en'
}
