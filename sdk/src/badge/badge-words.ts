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

/** The words of one language in the order of `BadgeWords`, so that fifteen languages do not carry the names of the words fifteen times. */
type Row = readonly [
  ai: string,
  generated: string,
  edited: string,
  intact: string,
  reattached: string,
  likeness: string,
  unsigned: string,
  none: string,
  silence: string,
  failed: string,
  retry: string,
  reading: string,
  model: string,
  signer: string,
  at: string,
  more: string,
];

/** By language, as ISO 639 names it. */
export type Rows = Readonly<Record<string, Row>>;

const EN: Row = [
  'AI',
  'Made with AI',
  'Edited with AI',
  'Unchanged since it was signed',
  'Unchanged; its credential had been removed',
  'Looks like the picture of this record, but is not the signed file',
  'The signature could not be confirmed',
  'No record found',
  'This does not mean that a person made it.',
  'Could not be checked',
  'Try again',
  'Checking…',
  'Model',
  'Signed by',
  'Made',
  'Check it yourself',
];

const ROWS: Rows = {
  en: EN,
  de: [
    'KI',
    'Mit KI erzeugt',
    'Mit KI bearbeitet',
    'Seit der Signatur unverändert',
    'Unverändert; der Herkunftsnachweis war entfernt',
    'Gleicht dem Bild dieses Eintrags, ist aber nicht die signierte Datei',
    'Die Signatur ließ sich nicht bestätigen',
    'Kein Eintrag gefunden',
    'Das heißt nicht, dass ein Mensch es gemacht hat.',
    'Konnte nicht geprüft werden',
    'Noch einmal',
    'Wird geprüft …',
    'Modell',
    'Signiert von',
    'Entstanden',
    'Selbst prüfen',
  ],
  nl: [
    'AI',
    'Gemaakt met AI',
    'Bewerkt met AI',
    'Ongewijzigd sinds de ondertekening',
    'Ongewijzigd; het herkomstbewijs was verwijderd',
    'Lijkt op de afbeelding bij dit record, maar is niet het ondertekende bestand',
    'De handtekening kon niet worden bevestigd',
    'Geen record gevonden',
    'Dat betekent niet dat een mens het heeft gemaakt.',
    'Kon niet worden gecontroleerd',
    'Opnieuw proberen',
    'Wordt gecontroleerd…',
    'Model',
    'Ondertekend door',
    'Gemaakt',
    'Zelf controleren',
  ],
  fr: [
    'IA',
    'Créé avec une IA',
    'Modifié avec une IA',
    'Inchangé depuis sa signature',
    'Inchangé ; son attestation avait été retirée',
    'Ressemble à l’image de cette fiche, mais n’est pas le fichier signé',
    'La signature n’a pas pu être confirmée',
    'Aucune fiche trouvée',
    'Cela ne veut pas dire qu’une personne l’a faite.',
    'Vérification impossible',
    'Réessayer',
    'Vérification…',
    'Modèle',
    'Signé par',
    'Créé',
    'Vérifier soi-même',
  ],
  es: [
    'IA',
    'Creada con IA',
    'Editada con IA',
    'Sin cambios desde que se firmó',
    'Sin cambios; se le había quitado la credencial',
    'Se parece a la imagen de este registro, pero no es el archivo firmado',
    'No se pudo confirmar la firma',
    'No se encontró ningún registro',
    'Eso no significa que la hiciera una persona.',
    'No se pudo comprobar',
    'Reintentar',
    'Comprobando…',
    'Modelo',
    'Firmado por',
    'Creada',
    'Comprobar',
  ],
  pt: [
    'IA',
    'Criada com IA',
    'Editada com IA',
    'Sem alterações desde que foi assinada',
    'Sem alterações; a credencial tinha sido removida',
    'Parece a imagem deste registo, mas não é o ficheiro assinado',
    'Não foi possível confirmar a assinatura',
    'Nenhum registo encontrado',
    'Isso não significa que foi feita por uma pessoa.',
    'Não foi possível verificar',
    'Tentar de novo',
    'A verificar…',
    'Modelo',
    'Assinado por',
    'Criada',
    'Verificar',
  ],
  it: [
    'IA',
    'Creata con l’IA',
    'Modificata con l’IA',
    'Invariata da quando è stata firmata',
    'Invariata; la credenziale era stata rimossa',
    'Somiglia all’immagine di questa scheda, ma non è il file firmato',
    'Non è stato possibile confermare la firma',
    'Nessuna scheda trovata',
    'Non significa che l’abbia fatta una persona.',
    'Verifica non riuscita',
    'Riprova',
    'Verifica in corso…',
    'Modello',
    'Firmata da',
    'Creata',
    'Verifica tu stesso',
  ],
  ...OTHER_FAMILIES,
};

export interface SpokenWords {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: BadgeWords;
}

/** The words of the first language that we speak, of those wished for as BCP 47 tags; English else. */
export function wordsFor(wished: readonly string[]): SpokenWords {
  const language = wished.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find((tag) => Object.hasOwn(ROWS, tag)) ?? 'en';
  return { language, direction: language === 'ar' ? 'rtl' : 'ltr', words: bookOf(ROWS[language] ?? EN) };
}

function bookOf([
  ai,
  generated,
  edited,
  intact,
  reattached,
  likeness,
  unsigned,
  none,
  silence,
  failed,
  retry,
  reading,
  model,
  signer,
  at,
  more,
]: Row): BadgeWords {
  return { ai, generated, edited, intact, reattached, likeness, unsigned, none, silence, failed, retry, reading, model, signer, at, more };
}
