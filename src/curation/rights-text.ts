/**
 * What the words of a copyright notice or of terms of use say about training. `refused`: they speak of it and of a refusal. `mentioned`: they
 * speak of it, and a person must read how. `reserved`: all rights are, which says nothing of a licence. Null: nothing of this.
 */
export type RightsText = 'refused' | 'mentioned' | 'reserved' | null;

/** Training and mining, in the languages in which such notices are mostly written; folded to lower case without accents. */
const TRAINING =
  /\b(?:ai|a\.i\.|ki|ia)[ -](?:model )?(?:training|trainings?|learning)\b|\btrain(?:ing|ed)?\b[^.;\n]{0,40}\b(?:ai|ki|models?|networks?|algorithms?|llms?)\b|\b(?:machine|deep)[ -]learning\b|\b(?:data|text)[ -]?(?:and data )?[ -]?mining\b|\btdm\b|\bmaschinelle[sn]? lernen\b|\b(?:entrainement|entrenamiento|addestramento|treinamento)\b|\bfouille de (?:textes|donnees)\b|\bmineria de (?:textos|datos)\b|\bestrazione di (?:testo|dati)\b|\b(?:generative|gen)[ -]?(?:ai|ki)\b|\bia generat?iva\b|\bia generative\b|学習|机器学习|训练|학습/;
/** So short a word is a name and much else; it counts beside a refusal alone, and not where it says how the picture was made. */
const MACHINES =
  /(?<!\b(?:with|by|using|mit|von|avec|par|con|por|com|da) )\b(?:ai|a\.i\.|ki|ia|artificial intelligence|kunstliche[nr]? intelligenz|intelligence artificielle|inteligencia artificial|intelligenza artificiale)\b(?![ -](?:gener|made|assist|creat|erzeug|erstell))|人工知能|人工智能|생성형/;
const REFUSAL =
  /\b(?:no|not|never|without|prohibit\w*|forbid\w*|reserv\w*|exclu\w*|opt(?:ed|s)?[ -]?out|disallow\w*|deni\w*|kein\w*|nicht|verbot\w*|untersagt|vorbehalt\w*|pas|interdit\w*|sans|sin|prohibid\w*|reservad\w*|non|vietat\w*|riservat\w*|proibid\w*|sem|niet|geen|verboden)\b|禁止|不得|ない|금지/;
const NEAR_CHARS = 60;
const ALL_RIGHTS =
  /\ball rights reserved\b|\balle rechte vorbehalten\b|\btous droits reserves\b|\btodos los derechos reservados\b|\btodos os direitos reservados\b|\btutti i diritti riservati\b|\balle rechten voorbehouden\b|無断転載|版权所有|모든 권리/;

/** Reads a notice of at most some thousand characters. */
export function readRightsText(text: string): RightsText {
  const folded = text
    .slice(0, 4_000)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase();
  if (hasRefusalNear(folded, TRAINING) || hasRefusalNear(folded, MACHINES)) return 'refused';
  if (TRAINING.test(folded)) return 'mentioned';
  return ALL_RIGHTS.test(folded) ? 'reserved' : null;
}

/** On either side of the word: "no AI training", "text and data mining is reserved". */
function hasRefusalNear(text: string, subject: RegExp): boolean {
  return [...text.matchAll(new RegExp(subject, 'g'))].some(({ index, 0: found }) =>
    // "All rights reserved" beside it is said of the picture.
    REFUSAL.test(text.slice(Math.max(0, index - NEAR_CHARS), index + found.length + NEAR_CHARS).replace(ALL_RIGHTS, ' ')),
  );
}
