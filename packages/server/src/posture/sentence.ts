export type Language = 'en' | 'ja'
export type Sentence = Readonly<Record<Language, string>>
