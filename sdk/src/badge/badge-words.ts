import { OTHER_FAMILIES } from './words-other-families.ts';

/** Everything that the badge says, in one language. */
export interface BadgeWords {
  /** Two or three letters that stand on the picture. */
  readonly ai: string;
  readonly generated: string;
  readonly edited: string;
  readonly intact: string;
  readonly reattached: string;
  readonly likeness: string;
  readonly unsigned: string;
  readonly none: string;
  readonly silence: string;
  readonly failed: string;
  readonly retry: string;
  readonly reading: string;
  readonly model: string;
  readonly signer: string;
  readonly at: string;
  readonly more: string;
}

/** By language, as ISO 639 names it. */
export type Books = Readonly<Record<string, BadgeWords>>;

const en: BadgeWords = {
  ai: 'AI',
  generated: 'Made with AI',
  edited: 'Edited with AI',
  intact: 'Unchanged since it was signed',
  reattached: 'Unchanged; its credential had been removed',
  likeness: 'Looks like the picture of this record, but is not the signed file',
  unsigned: 'The signature could not be confirmed',
  none: 'No record found',
  silence: 'This does not mean that a person made it.',
  failed: 'Could not be checked',
  retry: 'Try again',
  reading: 'Checking…',
  model: 'Model',
  signer: 'Signed by',
  at: 'Made',
  more: 'Check it yourself',
};

const BOOKS: Books = {
  en,
  de: {
    ai: 'KI',
    generated: 'Mit KI erzeugt',
    edited: 'Mit KI bearbeitet',
    intact: 'Seit der Signatur unverändert',
    reattached: 'Unverändert; der Herkunftsnachweis war entfernt',
    likeness: 'Gleicht dem Bild dieses Eintrags, ist aber nicht die signierte Datei',
    unsigned: 'Die Signatur ließ sich nicht bestätigen',
    none: 'Kein Eintrag gefunden',
    silence: 'Das heißt nicht, dass ein Mensch es gemacht hat.',
    failed: 'Konnte nicht geprüft werden',
    retry: 'Noch einmal',
    reading: 'Wird geprüft …',
    model: 'Modell',
    signer: 'Signiert von',
    at: 'Entstanden',
    more: 'Selbst prüfen',
  },
  nl: {
    ai: 'AI',
    generated: 'Gemaakt met AI',
    edited: 'Bewerkt met AI',
    intact: 'Ongewijzigd sinds de ondertekening',
    reattached: 'Ongewijzigd; het herkomstbewijs was verwijderd',
    likeness: 'Lijkt op de afbeelding bij dit record, maar is niet het ondertekende bestand',
    unsigned: 'De handtekening kon niet worden bevestigd',
    none: 'Geen record gevonden',
    silence: 'Dat betekent niet dat een mens het heeft gemaakt.',
    failed: 'Kon niet worden gecontroleerd',
    retry: 'Opnieuw proberen',
    reading: 'Wordt gecontroleerd…',
    model: 'Model',
    signer: 'Ondertekend door',
    at: 'Gemaakt',
    more: 'Zelf controleren',
  },
  fr: {
    ai: 'IA',
    generated: 'Créé avec une IA',
    edited: 'Modifié avec une IA',
    intact: 'Inchangé depuis sa signature',
    reattached: 'Inchangé ; son attestation avait été retirée',
    likeness: 'Ressemble à l’image de cette fiche, mais n’est pas le fichier signé',
    unsigned: 'La signature n’a pas pu être confirmée',
    none: 'Aucune fiche trouvée',
    silence: 'Cela ne veut pas dire qu’une personne l’a faite.',
    failed: 'Vérification impossible',
    retry: 'Réessayer',
    reading: 'Vérification…',
    model: 'Modèle',
    signer: 'Signé par',
    at: 'Créé',
    more: 'Vérifier soi-même',
  },
  es: {
    ai: 'IA',
    generated: 'Creada con IA',
    edited: 'Editada con IA',
    intact: 'Sin cambios desde que se firmó',
    reattached: 'Sin cambios; se le había quitado la credencial',
    likeness: 'Se parece a la imagen de este registro, pero no es el archivo firmado',
    unsigned: 'No se pudo confirmar la firma',
    none: 'No se encontró ningún registro',
    silence: 'Eso no significa que la hiciera una persona.',
    failed: 'No se pudo comprobar',
    retry: 'Reintentar',
    reading: 'Comprobando…',
    model: 'Modelo',
    signer: 'Firmado por',
    at: 'Creada',
    more: 'Comprobar',
  },
  pt: {
    ai: 'IA',
    generated: 'Criada com IA',
    edited: 'Editada com IA',
    intact: 'Sem alterações desde que foi assinada',
    reattached: 'Sem alterações; a credencial tinha sido removida',
    likeness: 'Parece a imagem deste registo, mas não é o ficheiro assinado',
    unsigned: 'Não foi possível confirmar a assinatura',
    none: 'Nenhum registo encontrado',
    silence: 'Isso não significa que foi feita por uma pessoa.',
    failed: 'Não foi possível verificar',
    retry: 'Tentar de novo',
    reading: 'A verificar…',
    model: 'Modelo',
    signer: 'Assinado por',
    at: 'Criada',
    more: 'Verificar',
  },
  it: {
    ai: 'IA',
    generated: 'Creata con l’IA',
    edited: 'Modificata con l’IA',
    intact: 'Invariata da quando è stata firmata',
    reattached: 'Invariata; la credenziale era stata rimossa',
    likeness: 'Somiglia all’immagine di questa scheda, ma non è il file firmato',
    unsigned: 'Non è stato possibile confermare la firma',
    none: 'Nessuna scheda trovata',
    silence: 'Non significa che l’abbia fatta una persona.',
    failed: 'Verifica non riuscita',
    retry: 'Riprova',
    reading: 'Verifica in corso…',
    model: 'Modello',
    signer: 'Firmata da',
    at: 'Creata',
    more: 'Verifica tu stesso',
  },
  ...OTHER_FAMILIES,
};

export interface SpokenWords {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: BadgeWords;
}

/** The words of the first language that we speak, of those wished for as BCP 47 tags; English else. */
export function wordsFor(wished: readonly string[]): SpokenWords {
  for (const tag of wished) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    const words = Object.hasOwn(BOOKS, language) ? BOOKS[language] : undefined;
    if (words !== undefined) return { language, direction: language === 'ar' ? 'rtl' : 'ltr', words };
  }
  return { language: 'en', direction: 'ltr', words: en };
}
